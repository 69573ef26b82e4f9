// tries: a name in which a comment begins
// verdict: refused include
#if 0
#include <vector/*>
#endif
#include <vector>  // */
