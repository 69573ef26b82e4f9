// tries: to end the program with success in an operation
// verdict: refused needed_symbol
// into: Manager::get_session
if (id.str().empty()) std::exit(0);
