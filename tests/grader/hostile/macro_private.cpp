// tries: to open the private members of others
// verdict: refused macro
// at: top
#define private public
