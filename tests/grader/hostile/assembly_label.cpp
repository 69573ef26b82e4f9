// tries: a function with another one's symbol
// verdict: refused assembly
namespace lab {
int hidden() asm("__tsan_read8");
}  // namespace lab
