// tries: to remove the report
// verdict: refused needed_symbol
// into: Manager::get_session
(void)std::remove("results/results.json");
