// tries: to use threads without the library
// verdict: refused include
#include <pthread.h>
