// tries: to lock otherwise than the library does, for everybody
// verdict: refused name
extern "C" int pthread_mutex_lock(void*) { return 0; }
