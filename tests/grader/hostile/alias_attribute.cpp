// tries: a second name for a function
// verdict: refused attribute
extern "C" int own() { return 0; }
extern "C" int other() __attribute__((alias("own")));
