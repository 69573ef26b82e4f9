#include "tools/grader/judging/includes_ahead.hpp"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/process/content.hpp"
#include "tools/process/folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace lab::grader;
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
