// Random damage to real texts: the screen must answer, whatever it answers. A crash, or a hang, ends the test.
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "tests/grader/hostile/hostile.hpp"
#include "tests/grader/screen/try.hpp"
#include "tools/grader/screen/attributes.hpp"
#include "tools/grader/screen/declarations.hpp"
#include "tools/grader/screen/preprocessed.hpp"
#include "tools/grader/screen/symbols.hpp"

using namespace lab::test;
using namespace lab::grader;

namespace {

const std::vector<std::string> pieces = {"\"",
                                         "'",
                                         "/*",
                                         "*/",
                                         "//",
                                         "\\\n",
                                         "\n",
                                         "#",
                                         "#include <",
                                         "R\"(",
                                         "[[",
                                         "]]",
                                         "__attribute__((",
                                         "))",
                                         "template <",
                                         "template <>",
                                         "namespace std {",
                                         "{",
                                         "}",
                                         "(",
                                         ")",
                                         "<",
                                         ">",
                                         "::",
                                         "\r",
                                         std::string(1, '\0'),
                                         "\xC3",
                                         "%:",
                                         "<:",
                                         "1'",
                                         "1e+",
                                         "# 1 \"/x/session_manager.cpp\" 2\n",
                                         "_ZTv0_",
                                         "\\"};

std::string damaged(std::string text, std::mt19937_64& random) {
  for (std::size_t changes = 1 + random() % 8; changes > 0; --changes) {
    const std::size_t at = text.empty() ? 0 : random() % text.size();
    switch (random() % 4) {
      case 0:
        text.erase(at, random() % 40);
        break;
      case 1:
        text.insert(at, pieces[random() % pieces.size()]);
        break;
      case 2:
        text.insert(at, text.substr(text.size() / 2, random() % 200));
        break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(random());
    }
  }
  return text;
}

void look_at(const std::string& text) {
  const Tokens tokens = tokens_of(text);
  (void)faults_of_attributes(tokens.all);
  (void)faults_of_declarations(tokens.all);
  (void)divide(text, "/x");
  (void)objection_to_needed(text.substr(0, 60), {});
  (void)objection_to_defined("_Z" + text.substr(0, 60), true, {});
}

}  // namespace

TEST_CASE("no damage to a text makes the screen fall") {
  std::mt19937_64 random(20261127);
  std::vector<std::string> texts = {contents_of(std::filesystem::path(LAB_ROOT) / "fixed/session_manager.hpp")};
  for (const Hostile& hostile : read_all_hostile(std::filesystem::path(LAB_ROOT) / "tests/grader/hostile")) {
    for (const Hostile::Piece& piece : hostile.pieces) texts.push_back(piece.code);
  }
  for (int i = 0; i < 5000; ++i) look_at(damaged(texts[random() % texts.size()], random));
}

// Each is as long as a submission may be, and made to take time in proportion to the square of its length.
TEST_CASE("a text that repeats one piece is looked at in little time") {
  for (const std::string& piece : pieces) {
    std::string text;
    while (text.size() + piece.size() <= text_bytes_max) text += piece;
    const auto start = std::chrono::steady_clock::now();
    look_at(text);
    INFO("the piece " << piece);
    // The slowest took 2 s where the machine was busy.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}
