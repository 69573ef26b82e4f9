// tries: the same, spelled otherwise
// verdict: refused assembly
__asm__(".globl main\nmain: ret");
