// tries: to know by the optimisation which judge it is compiled for
// verdict: refused detection
#if !defined(__OPTIMIZE__)
int watched;
#endif
