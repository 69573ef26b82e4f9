// tries: any system call
// verdict: refused name
// at: top
extern "C" long syscall(long, ...) noexcept;
// into: Manager::get_session
syscall(231, 0);
