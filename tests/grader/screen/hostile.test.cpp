// Each hostile submission is refused by exactly the rules that its head names, or passes. Without LAB_THOROUGH in the
// environment one submission is tried for each set of rules, and every fourth of those that pass.
#include "tests/grader/hostile/hostile.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <set>

#include "tests/grader/screen/try.hpp"

using namespace lab::test;

namespace {

struct Tried {
  Hostile hostile;
  lab::grader::Objections objections;
};

// See its session_manager.cpp.
const std::filesystem::path& stub() {
  static const std::filesystem::path folder = [] {
    const std::filesystem::path made = scratch("stub"), root = LAB_ROOT;
    std::filesystem::copy_file(root / "tests/grader/screen/stub/session_manager.cpp", made / "session_manager.cpp");
    std::filesystem::copy_file(root / "fixed/session_manager.hpp", made / "session_manager.hpp");
    return made;
  }();
  return folder;
}

// What passes the first two parts and must not compile is not compiled: it may take for ever.
Tried tried(const Hostile& hostile, const std::filesystem::path& folder) {
  make_submission(hostile, stub(), folder);
  if (hostile.verdict != "failed" || hostile.arguments.front() != "build")
    return {hostile, screened(folder, Form::fast)};
  auto objections = lab::grader::objections_to_text(folder);
  if (objections.empty())
    objections =
        lab::grader::objections_to_source(folder / lab::grader::source_name, compile_words(Form::fast), compiler())
            .value();
  return {hostile, std::move(objections)};
}

std::vector<Tried> all_tried(const std::vector<Hostile>& all) {
  std::vector<Tried> results(all.size());
  std::vector<std::function<void()>> calls;
  for (std::size_t i = 0; i < all.size(); ++i)
    calls.emplace_back([&, i] { results[i] = tried(all[i], scratch(all[i].name)); });
  REQUIRE(said(screened(stub(), Form::fast)) == "");  // and makes what the calls share
  two_at_a_time(calls);
  return results;
}

bool thorough() { return std::getenv("LAB_THOROUGH") != nullptr; }

void tell_left_out(std::size_t tried, std::size_t all) {
  if (tried < all) WARN(all - tried << " of " << all << " are left out; LAB_THOROUGH tries all");
}

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

const std::vector<Hostile>& hostile() {
  static const std::vector<Hostile> all = read_all_hostile(std::filesystem::path(LAB_ROOT) / "tests/grader/hostile");
  return all;
}

}  // namespace

TEST_CASE("a hostile submission is refused by the rules that its head names", "[compiles]") {
  std::vector<Hostile> refused;
  std::copy_if(hostile().begin(), hostile().end(), std::back_inserter(refused),
               [](const Hostile& one) { return one.verdict == "refused"; });
  REQUIRE(refused.size() >= 60);
  const std::size_t all = refused.size();
  std::set<std::vector<std::string>> known;
  if (!thorough())
    std::erase_if(refused, [&](const Hostile& one) { return !known.insert(sorted(one.arguments)).second; });
  tell_left_out(refused.size(), all);
  for (const Tried& one : all_tried(refused)) {
    INFO(one.hostile.name << " tries " << one.hostile.tries << "\n" << said(one.objections));
    CHECK(rules(one.objections) == sorted(one.hostile.arguments));
  }
}

TEST_CASE("a hostile submission that another judge must catch passes the screen", "[compiles]") {
  std::vector<Hostile> passing;
  std::copy_if(hostile().begin(), hostile().end(), std::back_inserter(passing),
               [](const Hostile& one) { return one.verdict != "refused"; });
  REQUIRE(passing.size() >= 20);
  const std::size_t all = passing.size();
  std::size_t count = 0;
  if (!thorough()) std::erase_if(passing, [&](const Hostile&) { return count++ % 4 != 0; });
  tell_left_out(passing.size(), all);
  for (const Tried& one : all_tried(passing)) {
    INFO(one.hostile.name);
    CHECK(said(one.objections) == "");
  }
}
