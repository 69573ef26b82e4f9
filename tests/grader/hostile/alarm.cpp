// tries: to be interrupted later
// verdict: refused needed_symbol
// at: top
extern "C" unsigned alarm(unsigned) noexcept;
// into: Manager::get_session
alarm(1);
