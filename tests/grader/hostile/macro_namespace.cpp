// tries: to give the namespace lab another name
// verdict: refused macro
// at: top
#define lab laboratory
