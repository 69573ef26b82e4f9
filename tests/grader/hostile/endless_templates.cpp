// tries: to hang the compiler with templates
// verdict: failed build
namespace lab {
template <int depth, unsigned long path>
struct Tree {
  Tree<depth - 1, 2 * path> left;
  Tree<depth - 1, 2 * path + 1> right;
};
template <unsigned long path>
struct Tree<0, path> {};
Tree<60, 1> tree;
}  // namespace lab
