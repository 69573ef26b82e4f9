// tries: a function without a frame
// verdict: refused attribute
namespace lab {
[[gnu::naked]] void bare() {}
}  // namespace lab
