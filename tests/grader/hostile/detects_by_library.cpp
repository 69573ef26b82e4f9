// tries: the same as the C++ library says it
// verdict: refused detection
#ifdef _GLIBCXX_TSAN
int watched;
#endif
