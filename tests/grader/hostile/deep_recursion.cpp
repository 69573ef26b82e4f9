// tries: to run out of stack
// verdict: failed any
namespace lab {
int deep(volatile int depth) { return depth == -1 ? 0 : 1 + deep(depth + 1); }
}  // namespace lab
// at: top
namespace lab {
int deep(volatile int depth);
}  // namespace lab
// into: Manager::increment_access
if (deep(0) == 7) return std::uint64_t{7};
