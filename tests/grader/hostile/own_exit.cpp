// tries: to take the place of exit
// verdict: refused defined_symbol
extern "C" void own_exit(int) {}
extern "C" void _exit(int) { for (;;) own_exit(0); }
