// tries: to switch AddressSanitizer's exit off
// verdict: refused sanitizer
extern "C" const char* __asan_default_options() { return "exitcode=0"; }
