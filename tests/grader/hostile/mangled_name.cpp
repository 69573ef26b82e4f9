// tries: a library's function under its mangled name
// verdict: refused reserved_name
extern "C" bool _ZNKSt8optionalIiE9has_valueEv() { return true; }
