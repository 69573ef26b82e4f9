// tries: to use signals
// verdict: refused include
#include <csignal>
