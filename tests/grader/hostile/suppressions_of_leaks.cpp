// tries: to suppress every report of a leak
// verdict: refused sanitizer
extern "C" int __lsan_is_turned_off() { return 1; }
