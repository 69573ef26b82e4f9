// tries: what is no C++
// verdict: failed build
namespace lab {
int = ;
}  // namespace lab
