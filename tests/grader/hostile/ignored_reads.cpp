// tries: to have its reads ignored
// verdict: refused sanitizer
#define PASTE(a, b) a##b
extern "C" void PASTE(Annotate, IgnoreReadsBegin)(const char*, int);
