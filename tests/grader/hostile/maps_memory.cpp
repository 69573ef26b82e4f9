// tries: to write code and run it
// verdict: refused needed_symbol
// at: top
extern "C" void* mmap(void*, unsigned long, int, int, int, long) noexcept;
// into: Manager::get_session
(void)mmap(nullptr, 4096, 7, 34, -1, 0);
