// tries: to include the solution
// verdict: refused include
#include "fixed/session_manager.cpp"
