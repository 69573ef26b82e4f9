// tries: to use pages of memory
// verdict: refused include
#include <sys/mman.h>
