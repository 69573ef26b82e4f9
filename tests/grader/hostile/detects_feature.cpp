// tries: to know whether ThreadSanitizer watches
// verdict: refused detection
#if __has_feature(thread_sanitizer)
int watched;
#endif
