// tries: the same with the name pasted by the preprocessor
// verdict: refused sanitizer
#define PASTE(a, b) a##b
extern "C" const char* PASTE(_, _tsan_default_options)() { return "report_bugs=0"; }
