// tries: the same in a static object's constructor
// verdict: refused needed_symbol
namespace lab {
namespace {
struct First {
  First() { std::exit(0); }
} first;
}  // namespace
}  // namespace lab
