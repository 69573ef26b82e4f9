// tries: a function among those that run before all others
// verdict: refused attribute
namespace lab {
void early() {}
__attribute__((section(".preinit_array"), used)) void (*const entry)() = early;
}  // namespace lab
