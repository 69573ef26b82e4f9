#include "tools/explorer/account/names.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string_view>
#include <vector>

using namespace lab::explorer;

TEST_CASE("every operation has a name of its own, which leads back to it", "[explorer][account]") {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Operation::failure); ++i) {
    const auto operation = static_cast<Operation>(i);
    const std::string_view name = operation_name(operation);
    INFO("operation " << i << " is " << name);
    CHECK(names.insert(name).second);
    CHECK(name != "unknown");
    CHECK(operation_of(name) == operation);
  }
  CHECK(operation_name(Operation::lock) == "lock");
  CHECK(operation_name(Operation::wake) == "wake");
  CHECK(operation_name(Operation::atomic_load) == "atomic load");
  CHECK(operation_name(Operation::barrier_wait) == "barrier wait");
  CHECK(operation_name(Operation::failure) == "failure");
}

TEST_CASE("the words for verdicts are those of the contract, in order", "[explorer][account]") {
  const std::vector<std::string_view> words = {"passed",           "assertion",      "data_race", "deadlock",
                                               "livelock",         "crash",          "exception", "use_after_free",
                                               "nondeterministic", "could_not_judge"};
  REQUIRE(words.size() == static_cast<std::size_t>(Verdict::could_not_judge) + 1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    CHECK(verdict_word(static_cast<Verdict>(i)) == words[i]);
    CHECK(verdict_of(words[i]) == static_cast<Verdict>(i));
  }
  CHECK(verdict_title(Verdict::use_after_free) == "use after free");
}

TEST_CASE("what is no enumerator and no name is told apart from all that are", "[explorer][account]") {
  CHECK(operation_name(static_cast<Operation>(200)) == "unknown");
  CHECK(verdict_word(static_cast<Verdict>(200)) == "could_not_judge");
  CHECK_FALSE(operation_of("unknown"));
  CHECK_FALSE(verdict_of("data race"));
  CHECK(thread_name(0) == "main");
  CHECK(thread_name(12) == "thread 12");
}
