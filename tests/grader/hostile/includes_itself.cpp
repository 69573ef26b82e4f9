// tries: to include itself without end
// verdict: refused include
#include "session_manager.cpp"
