// tries: the same with the keyword pasted
// verdict: refused reserved_name
#define PASTE(a, b) a##b
namespace lab {
PASTE(__attri, bute)((no_sanitize("thread"))) void unwatched(int& to) { ++to; }
}  // namespace lab
