// tries: to change code that is there
// verdict: refused needed_symbol
// at: top
extern "C" int mprotect(void*, unsigned long, int) noexcept;
// into: Manager::get_session
(void)mprotect(nullptr, 4096, 7);
