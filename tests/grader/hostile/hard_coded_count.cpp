// tries: the count that a claim expects, without counting
// verdict: failed any
// into: Manager::increment_access
return std::uint64_t{2};
