// tries: to become another program
// verdict: refused needed_symbol
// at: top
extern "C" int execve(const char*, char* const*, char* const*) noexcept;
// into: Manager::get_session
char* const none[] = {nullptr};
execve("/bin/true", none, none);
