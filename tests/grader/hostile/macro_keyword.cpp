// tries: to make a keyword mean something else
// verdict: refused macro
#define volatile
