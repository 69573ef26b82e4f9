// tries: to make the lab's annotations something else
// verdict: refused macro
#undef LAB_GUARDED_BY
#define LAB_GUARDED_BY(x) __attribute__((no_sanitize("thread")))
