// tries: to run a command
// verdict: refused needed_symbol
// into: Manager::get_session
(void)std::system("true");
