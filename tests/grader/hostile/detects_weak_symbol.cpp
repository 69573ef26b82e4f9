// tries: to know by a weak symbol whether the sanitizer is linked
// verdict: refused sanitizer
extern "C" void __tsan_init() __attribute__((weak));
namespace lab {
bool watched() { return &__tsan_init != nullptr; }
}  // namespace lab
