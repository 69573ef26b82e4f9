// tries: to include the tests' own headers
// verdict: refused include
#include "tests/support/claim.hpp"
