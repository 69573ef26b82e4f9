#include "tools/exercises/includes_ahead.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/process/content.hpp"
#include "tools/process/folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace lab::exercises;
using lab::process::content_of;

const std::string some = "#include <string>\n";

// In the compiler's place: writes what it is given to compile, or refuses.
class Compiler {
public:
  explicit Compiler(int status = 0) : status_(status) {}

  CompileIn run() {
    return [this](const std::vector<std::string>& words, const fs::path& writable, const std::vector<fs::path>& shown) {
      ++runs;
      CHECK(shown == std::vector<fs::path>{"/headers"});
      CHECK(words.front() == "clang++");
      const fs::path output = words[words.size() - 2];
      CHECK(output.parent_path() == writable);
      if (status_ == 0) fs::copy_file(words.back(), output, fs::copy_options::overwrite_existing);
      lab::process::Ran ran;
      ran.started = true;
      ran.status = status_;
      return ran;
    };
  }

  int runs = 0;

private:
  int status_;
};

}  // namespace

TEST_CASE("the same includes are compiled once, whoever asks for them") {
  const lab::process::Folder folder("lab-test");
  Compiler compiler;
  const fs::path made = includes_ahead(folder.path(), some, {"clang++", "-O2"}, "/headers", compiler.run());
  CHECK(content_of(made) == some);
  CHECK(includes_ahead(folder.path(), some, {"clang++", "-O2"}, "/headers", compiler.run()) == made);
  CHECK(compiler.runs == 1);
}

TEST_CASE("what was made before the time that is asked for is made anew") {
  const lab::process::Folder folder("lab-test");
  Compiler compiler;
  const fs::path made = includes_ahead(folder.path(), some, {"clang++"}, "/headers", compiler.run());
  const auto then = fs::last_write_time(made);
  CHECK(includes_ahead(folder.path(), some, {"clang++"}, "/headers", compiler.run(), then) == made);
  CHECK(compiler.runs == 1);
  fs::last_write_time(made, then - std::chrono::seconds(1));
  CHECK(includes_ahead(folder.path(), some, {"clang++"}, "/headers", compiler.run(), then) == made);
  CHECK(compiler.runs == 2);
  CHECK(fs::last_write_time(made) >= then);
}

TEST_CASE("other includes, and another build's, are compiled apart") {
  const lab::process::Folder folder("lab-test");
  Compiler compiler;
  const fs::path made = includes_ahead(folder.path(), some, {"clang++", "-O2"}, "/headers", compiler.run());
  CHECK(includes_ahead(folder.path(), some, {"clang++", "-O0"}, "/headers", compiler.run()) != made);
  CHECK(includes_ahead(folder.path(), some + some, {"clang++", "-O2"}, "/headers", compiler.run()) != made);
  // Where one word ends and the next begins is part of a command.
  CHECK(includes_ahead(folder.path(), some, {"clang++", "-", "O2"}, "/headers", compiler.run()) != made);
  CHECK(compiler.runs == 4);
}

TEST_CASE("as many stay as a folder may have, and those are the ones that were used last") {
  const lab::process::Folder folder("lab-test");
  Compiler compiler;
  const auto made = [&](std::size_t which) {
    return includes_ahead(folder.path(), some, {"clang++", std::to_string(which)}, "/headers", compiler.run());
  };
  const auto made_before = [](const fs::path& pch, int hours) {
    fs::last_write_time(pch.parent_path(), fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  std::vector<fs::path> all;
  for (std::size_t i = 0; i < includes_ahead_max; ++i) {
    all.push_back(made(i));
    made_before(all.back(), static_cast<int>(1000 - i));
  }
  CHECK(made(0) == all[0]);  // the oldest is used once more
  CHECK(fs::exists(made(includes_ahead_max)));
  CHECK(fs::exists(all[0]));
  CHECK_FALSE(fs::exists(all[1]));
  CHECK(fs::exists(all[2]));
  CHECK(compiler.runs == static_cast<int>(includes_ahead_max) + 1);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == static_cast<std::ptrdiff_t>(includes_ahead_max));
}

TEST_CASE("without includes there is nothing to compile ahead") {
  const lab::process::Folder folder("lab-test");
  Compiler compiler;
  CHECK(includes_ahead(folder.path(), "", {"clang++"}, "/headers", compiler.run()).empty());
  CHECK(compiler.runs == 0);
}

TEST_CASE("includes that don't compile are left to the submission, and tried again") {
  const lab::process::Folder folder("lab-test");
  Compiler broken(1), working;
  CHECK(includes_ahead(folder.path(), some, {"clang++"}, "/headers", broken.run()).empty());
  CHECK(!includes_ahead(folder.path(), some, {"clang++"}, "/headers", working.run()).empty());
}

TEST_CASE("where no folder can be made, submissions compile as they would without") {
  const lab::process::Folder folder("lab-test");
  std::ofstream(folder.path() / "a file") << "in the way";
  Compiler compiler;
  CHECK(includes_ahead(folder.path() / "a file", some, {"clang++"}, "/headers", compiler.run()).empty());
  CHECK(compiler.runs == 0);
}
