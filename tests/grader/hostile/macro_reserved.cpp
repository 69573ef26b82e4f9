// tries: to change what the library's headers do
// verdict: refused macro
// at: top
#define _GLIBCXX_DEBUG 1
