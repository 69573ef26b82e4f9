// What must pass without an objection: the handout, the solutions, and the wrong fixes that students try in good faith.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "tests/grader/hostile/hostile.hpp"
#include "tests/grader/screen/try.hpp"
#include "tools/process/process.hpp"

using namespace lab::test;
namespace fs = std::filesystem;

namespace {

const fs::path root = LAB_ROOT;

fs::path copy_of(const fs::path& folder) {
  const fs::path copy = scratch("copy-of-" + folder.filename().string());
  for (const char* name : {lab::grader::source_name, lab::grader::header_name})
    fs::copy_file(folder / name, copy / name);
  return copy;
}

std::vector<fs::path> solutions() {
  std::vector<fs::path> all = {root / "fixed"};
  for (const auto& entry : fs::directory_iterator(root / "tests/solutions")) {
    if (entry.is_directory() && fs::exists(entry.path() / lab::grader::source_name)) all.push_back(entry.path());
  }
  return all;
}

void passes(const std::vector<std::pair<fs::path, Form>>& submissions) {
  std::vector<std::string> results(submissions.size());
  std::vector<std::function<void()>> calls;
  for (std::size_t i = 0; i < submissions.size(); ++i)
    calls.emplace_back([&, i] { results[i] = said(screened(submissions[i].first, submissions[i].second)); });
  two_at_a_time(calls);
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    INFO(submissions[i].first << " in form " << static_cast<int>(submissions[i].second));
    CHECK(results[i] == "");
  }
}

}  // namespace

TEST_CASE("every solution and the handout pass as the race detector's objects", "[compiles]") {
  std::vector<std::pair<fs::path, Form>> all = {{copy_of(root / "buggy"), Form::tsan}};
  for (const fs::path& folder : solutions()) all.emplace_back(copy_of(folder), Form::tsan);
  REQUIRE(all.size() >= 7);
  passes(all);
}

TEST_CASE("solutions pass in the other builds", "[compiles]") {
  const fs::path fixed = copy_of(root / "fixed"), optimistic = copy_of(root / "tests/solutions/optimistic");
  passes({{fixed, Form::asan}, {fixed, Form::plain}, {optimistic, Form::plain}});
}

TEST_CASE("every tempting wrong fix passes the text's and the source's part", "[compiles]") {
  std::vector<std::string> results;
  std::vector<std::function<void()>> calls;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(root / "tests/tempting")) {
    if (entry.path().extension() != ".patch") continue;
    const fs::path folder = scratch("tempting-" + entry.path().stem().string());
    for (const char* name : {lab::grader::source_name, lab::grader::header_name})
      fs::copy_file(root / "buggy" / name, folder / name);
    const auto ran =
        lab::process::run({.words = {"patch", "-s", "-p1", "-i", entry.path().string()}, .folder = folder});
    INFO(ran.output);
    REQUIRE(ran.ok());
    folders.push_back(folder);
  }
  REQUIRE(folders.size() >= 19);
  // Another fix is another few lines; one in four stands for them, in the order of names so that it is the same ones.
  if (std::getenv("LAB_THOROUGH") == nullptr) {
    const std::size_t all = folders.size();
    std::sort(folders.begin(), folders.end());
    std::size_t count = 0;
    std::erase_if(folders, [&](const fs::path&) { return count++ % 4 != 0; });
    WARN(all - folders.size() << " of " << all << " are left out; LAB_THOROUGH tries all");
  }
  results.resize(folders.size());
  for (std::size_t i = 0; i < folders.size(); ++i) {
    calls.emplace_back([&, i] {
      results[i] = said(lab::grader::objections_to_text(folders[i]));
      const auto of_source = lab::grader::objections_to_source(folders[i] / lab::grader::source_name,
                                                               compile_words(Form::tsan), compiler());
      results[i] += of_source ? said(*of_source) : of_source.error();
    });
  }
  two_at_a_time(calls);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    INFO(folders[i]);
    CHECK(results[i] == "");
  }
}

// What the library's headers leave to others, in all the ways in which a student may use them.
TEST_CASE("all of the library that a session manager may use passes under either sanitizer", "[compiles]") {
  const std::string text = contents_of(root / "tests/grader/screen/library.sample.cpp");
  const fs::path folder = scratch("library");
  make_submission({.name = "", .tries = "", .verdict = "", .arguments = {}, .pieces = {{"top", text}}}, root / "fixed",
                  folder);
  passes({{folder, Form::tsan}, {folder, Form::asan}});
}
