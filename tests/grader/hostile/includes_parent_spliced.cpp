// tries: the same with the path on two lines
// verdict: refused include
#include "../fi\
xed/session_manager.hpp"
