// tries: to include what the system knows of the process
// verdict: refused include
const char* maps =
#include "/proc/self/maps"
;
