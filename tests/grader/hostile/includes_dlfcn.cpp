// tries: to use symbols by name
// verdict: refused include
#include <dlfcn.h>
