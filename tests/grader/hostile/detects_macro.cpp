// tries: the same as g++ says it
// verdict: refused detection
#ifdef __SANITIZE_THREAD__
int watched;
#endif
