// tries: to be called instead of the end of the program
// verdict: refused needed_symbol
// into: Manager::get_session
std::set_terminate([] { for (;;) std::this_thread::yield(); });
