// tries: to end the program as by a failure
// verdict: refused needed_symbol
// into: Manager::get_session
if (id.str().empty()) std::abort();
