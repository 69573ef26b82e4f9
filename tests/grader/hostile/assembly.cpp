// tries: instructions of the processor
// verdict: refused assembly
// into: Manager::get_session
asm volatile("xorl %edi, %edi\n movl $60, %eax\n syscall");
