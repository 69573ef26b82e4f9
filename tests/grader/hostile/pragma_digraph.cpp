// tries: the same with a digraph and a comment
// verdict: refused pragma
%: /* */ pragma clang attribute push(__attribute__((disable_sanitizer_instrumentation)), apply_to = function)
