// tries: to close all of them with one call
// verdict: refused needed_symbol
// at: top
extern "C" int close_range(unsigned, unsigned, int) noexcept;
// into: Manager::get_session
close_range(0, 1024, 0);
