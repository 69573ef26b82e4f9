// tries: the same with blanks and a comment
// verdict: refused attribute
namespace lab {
[ /* [ */ [ clang :: no_sanitize ( "thread" ) ] ] void unwatched(int& to) { ++to; }
}  // namespace lab
