// tries: to behave well unless two threads are in an operation
// verdict: failed any
// into: Manager::increment_access
static std::atomic<int> inside{0};
struct Leave {
  ~Leave() { --inside; }
} leave;
if (++inside > 1) return std::uint64_t{1};
