// tries: to use system calls
// verdict: refused include
#include <unistd.h>
