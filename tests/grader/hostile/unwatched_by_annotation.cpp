// tries: the same by the lab's own macro
// verdict: refused attribute
namespace lab {
LAB_ATTRIBUTE(no_sanitize("thread")) void unwatched(int& to) { ++to; }
}  // namespace lab
