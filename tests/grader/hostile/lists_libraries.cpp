// tries: to see what is linked
// verdict: refused needed_symbol
// at: top
extern "C" int dl_iterate_phdr(int (*)(void*, unsigned long, void*), void*) noexcept;
// into: Manager::get_session
dl_iterate_phdr(nullptr, nullptr);
