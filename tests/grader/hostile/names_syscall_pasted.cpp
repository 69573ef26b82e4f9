// tries: the same, pasted
// verdict: refused name
#define PASTE(a, b) a##b
extern "C" long PASTE(sys, call)(long, ...) noexcept;
