// tries: to hang before main
// verdict: failed any
namespace lab {
namespace {
volatile bool forever = true;
const int first = [] {
  while (forever) std::this_thread::yield();
  return 0;
}();
}  // namespace
}  // namespace lab
