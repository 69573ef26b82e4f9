// tries: to send what it sees to another machine
// verdict: refused needed_symbol
// at: top
extern "C" int socket(int, int, int) noexcept;
// into: Manager::get_session
(void)socket(2, 1, 0);
