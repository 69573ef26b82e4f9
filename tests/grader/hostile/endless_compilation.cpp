// tries: to hang the compiler with a constant
// verdict: failed build
namespace lab {
constexpr int forever() {
  for (int i = 0;; ++i) {
    if (i == 1 << 30) i = 0;
  }
}
static_assert(forever() == 0);
}  // namespace lab
