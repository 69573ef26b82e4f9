// tries: to include the environment
// verdict: refused include
#include </proc/self/environ>
