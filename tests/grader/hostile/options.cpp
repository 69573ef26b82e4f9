// tries: to switch reports off
// verdict: refused sanitizer
extern "C" const char* __tsan_default_options() { return "report_bugs=0"; }
