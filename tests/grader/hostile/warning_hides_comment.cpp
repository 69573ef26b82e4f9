// tries: to open a comment that the compiler does not see, and to hide in it
// verdict: refused directive
#warning /*
#if __has_feature(thread_sanitizer)
#endif
// */
