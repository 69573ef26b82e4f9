// tries: the same with its other spelling
// verdict: refused detection
#if __has_include_next(<vector>)
#endif
