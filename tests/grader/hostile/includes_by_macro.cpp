// tries: to name a header by a macro
// verdict: refused include
#define FILES <fstream>
#include FILES
