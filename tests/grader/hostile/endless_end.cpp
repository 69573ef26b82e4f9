// tries: to hang in a static object's destructor
// verdict: failed any
namespace lab {
namespace {
volatile bool forever = true;
struct Last {
  ~Last() {
    while (forever) std::this_thread::yield();
  }
} last;
}  // namespace
}  // namespace lab
