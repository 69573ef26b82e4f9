// tries: to change an enumerator of the interface
// verdict: refused macro
// at: top
#define not_found invalid_argument_2
