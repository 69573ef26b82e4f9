// tries: to say what time it is, for everybody
// verdict: refused defined_symbol
extern "C" int clock_gettime(int, struct timespec*) noexcept { return 0; }
