// tries: the same with a prefix and a delimiter
// verdict: refused characters
namespace lab {
const auto* marker = u8R"x(
# 1 "a" 1 3
)x";
}  // namespace lab
