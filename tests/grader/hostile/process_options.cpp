// tries: to change what the kernel allows it
// verdict: refused needed_symbol
// at: top
extern "C" int prctl(int, ...) noexcept;
// into: Manager::get_session
(void)prctl(4, 0);
