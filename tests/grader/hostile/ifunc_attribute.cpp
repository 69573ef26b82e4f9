// tries: a function that is chosen when the program is loaded
// verdict: refused attribute
extern "C" void* choose() { return nullptr; }
extern "C" int chosen() __attribute__((ifunc("choose")));
