// tries: to forge a line marker in what the preprocessor prints
// verdict: refused characters
namespace lab {
const char* marker = R"(
# 1 "/usr/include/stdio.h" 1 3
)";
}  // namespace lab
