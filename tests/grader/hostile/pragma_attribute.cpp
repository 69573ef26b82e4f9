// tries: to switch the sanitizer off for all functions
// verdict: refused pragma
#pragma clang attribute push(__attribute__((no_sanitize("thread"))), apply_to = function)
