// tries: the same, pasted from two halves
// verdict: refused assembly
#define PASTE(a, b) a##b
PASTE(as, m)(".globl main");
