// tries: to end the program past every handler
// verdict: refused reserved_name
namespace lab {
namespace {
const int first = (std::_Exit(0), 0);
}  // namespace
}  // namespace lab
