// tries: to crash before main
// verdict: failed any
namespace lab {
namespace {
int* volatile nowhere = nullptr;
const int first = *nowhere;
}  // namespace
}  // namespace lab
