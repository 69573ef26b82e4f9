// tries: test cases of its own
// verdict: refused include name
#include <catch2/catch_test_macros.hpp>
TEST_CASE("everything holds", "[C1]") {}
