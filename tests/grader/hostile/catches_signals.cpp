// tries: to survive what a sanitizer ends
// verdict: refused needed_symbol
// at: top
extern "C" int sigaction(int, const void*, void*) noexcept;
// into: Manager::get_session
(void)sigaction(6, nullptr, nullptr);
