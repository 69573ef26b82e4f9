// tries: to know whether the tests are there
// verdict: refused detection
#if __has_include("tests/support/claim.hpp")
int found;
#endif
