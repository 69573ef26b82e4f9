// tries: to be another program with each compilation
// verdict: refused date
namespace lab {
const char* built = __DATE__ __TIME__;
}  // namespace lab
