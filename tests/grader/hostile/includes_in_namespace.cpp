// tries: to declare a header's content in another namespace
// verdict: refused include
namespace lab::own {
#include <list>
}  // namespace lab::own
