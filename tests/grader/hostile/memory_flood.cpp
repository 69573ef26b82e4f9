// tries: to take all memory
// verdict: failed any
// into: Manager::increment_access
std::vector<std::string> all;
for (;;) all.emplace_back(1 << 20, 'x');
