// tries: to behave well for a second only
// verdict: failed any
// into: Manager::increment_access
static const auto first = std::chrono::steady_clock::now();
if (std::chrono::steady_clock::now() - first > std::chrono::milliseconds(1)) return std::uint64_t{1};
