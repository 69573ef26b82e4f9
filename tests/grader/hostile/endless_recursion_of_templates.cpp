// tries: to let the compiler run out of depth
// verdict: failed build
namespace lab {
template <int depth>
struct Deep : Deep<depth + 1> {};
Deep<0> deep;
}  // namespace lab
