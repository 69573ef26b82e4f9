// tries: to behave well in the thread that came first
// verdict: failed any
// into: Manager::increment_access
static const auto first = std::this_thread::get_id();
if (std::this_thread::get_id() != first) return std::uint64_t{1};
