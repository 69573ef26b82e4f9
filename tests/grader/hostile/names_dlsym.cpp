// tries: any function by its name
// verdict: refused name
extern "C" void* dlsym(void*, const char*) noexcept;
namespace lab {
void* hidden() { return dlsym(nullptr, "exit"); }
}  // namespace lab
