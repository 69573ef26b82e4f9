// tries: the same with an annotation
// verdict: refused sanitizer
extern "C" void AnnotateHappensBefore(const char*, int, const volatile void*);
namespace lab {
void order(void* at) { AnnotateHappensBefore("", 0, at); }
}  // namespace lab
