// tries: to use jumps
// verdict: refused include
#include <csetjmp>
