// tries: the same in a static object's destructor
// verdict: refused needed_symbol
namespace lab {
namespace {
struct Last {
  ~Last() { std::quick_exit(0); }
} last;
}  // namespace
}  // namespace lab
