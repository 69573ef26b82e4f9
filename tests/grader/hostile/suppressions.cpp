// tries: to suppress every report of a race
// verdict: refused sanitizer
extern "C" const char* __tsan_default_suppressions() { return "race:*"; }
