// tries: to use files
// verdict: refused include
#include <fstream>
