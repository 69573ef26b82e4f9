// tries: the same in a function
// verdict: refused include
// into: Manager::get_stats
#include <list>
