// tries: to hide that a sanitizer is there
// verdict: refused macro
// at: top
#undef __clang__
