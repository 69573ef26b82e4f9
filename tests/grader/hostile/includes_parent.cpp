// tries: to include what lies above its folder
// verdict: refused include
#include "../fixed/session_manager.hpp"
