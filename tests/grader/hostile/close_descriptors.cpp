// tries: to close every descriptor
// verdict: refused needed_symbol
// at: top
extern "C" int close(int);
// into: Manager::get_session
for (int i = 0; i < 1024; ++i) close(i);
