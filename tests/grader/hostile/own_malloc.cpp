// tries: to give every part of the program its memory
// verdict: refused defined_symbol
extern "C" void* malloc(unsigned long) noexcept { return nullptr; }
