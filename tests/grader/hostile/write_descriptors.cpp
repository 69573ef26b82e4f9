// tries: to write a verdict into every descriptor
// verdict: refused needed_symbol
// at: top
extern "C" long write(int, const void*, unsigned long);
// into: Manager::get_session
for (int i = 3; i < 1024; ++i) (void)write(i, "passed", 6);
