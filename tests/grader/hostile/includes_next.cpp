// tries: to leave out the first header of a name
// verdict: refused include
#include_next <vector>
