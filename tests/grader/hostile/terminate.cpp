// tries: to end the program as an exception without a handler does
// verdict: failed any
// into: Manager::increment_access
std::terminate();
