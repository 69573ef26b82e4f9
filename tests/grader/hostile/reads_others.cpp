// tries: to read the other submissions
// verdict: refused needed_symbol
// at: top
extern "C" void* opendir(const char*);
// into: Manager::get_session
(void)opendir("..");
