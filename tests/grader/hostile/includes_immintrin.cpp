// tries: to use instructions of the processor
// verdict: refused include
#include <immintrin.h>
