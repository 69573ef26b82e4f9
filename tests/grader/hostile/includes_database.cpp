// tries: to open a database of its own, which writes files
// verdict: refused include
#include "common/sqlite_database.hpp"
