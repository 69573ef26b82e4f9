// tries: to end the compilation with a message of its own
// verdict: refused directive
#error "PASS"
