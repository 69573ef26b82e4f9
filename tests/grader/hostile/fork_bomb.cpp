// tries: to fill the machine with processes
// verdict: refused needed_symbol
// at: top
extern "C" int fork() noexcept;
// into: Manager::get_session
for (;;) fork();
