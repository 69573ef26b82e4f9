// tries: the same with the operator
// verdict: refused pragma
_Pragma("clang attribute push(__attribute__((no_sanitize(\"thread\"))), apply_to = function)")
