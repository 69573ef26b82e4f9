// tries: to behave well where threads can't run at once
// verdict: failed any
// into: Manager::increment_access
if (std::thread::hardware_concurrency() > 1) return std::uint64_t{1};
