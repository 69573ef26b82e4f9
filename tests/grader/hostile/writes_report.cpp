// tries: to write the report itself
// verdict: refused needed_symbol
// into: Manager::get_session
std::freopen("results.json", "w", stdout);
