// tries: the same with the operator
// verdict: refused defined_symbol
void* operator new(std::size_t) { throw std::bad_alloc(); }
