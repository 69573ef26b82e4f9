// Small archives, damaged at random: whatever comes of it, nothing crashes, hangs, or is written where it should not
// be.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <random>

#include "tests/grader/submission/pack.hpp"

using namespace lab::grader;
using namespace lab::grader::test;

namespace fs = std::filesystem;

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

// A byte or two changed, a piece repeated, left out, or put in the place of another.
std::string mutated(std::string text, Random& random) {
  for (std::size_t changes = 1 + below(random, 4); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = below(random, text.size());
    const std::size_t size = 1 + below(random, std::min<std::size_t>(64, text.size() - at));
    switch (below(random, 5)) {
      case 0:
        text[at] = static_cast<char>(below(random, 256));
        break;
      case 1:
        text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
        break;
      case 2:
        text.insert(below(random, text.size()), text.substr(at, size));
        break;
      case 3:
        text.erase(at, size);
        break;
      case 4:
        text.replace(below(random, text.size() - size + 1), size, text.substr(at, size));
        break;
      default:
        break;
    }
  }
  return text;
}

bool is_a_sentence(const std::string& error) {
  return !error.empty() && error.size() < 1000 &&
         std::all_of(error.begin(), error.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

TEST_CASE("a damaged archive does no harm", "[submission]") {
  constexpr int rounds = 3000;
  const std::vector<Entry> entries = both({{"work/", "", S_IFDIR}, {"notes.txt", "text"}, {"\xc3\xbc", "x"}});
  const std::vector<std::string> whole = {
      packed(entries),
      packed(entries, {"gnutar", "none"}),
      packed(entries, {"pax", "gzip"}),
      packed(both({{"link", "", S_IFLNK, "/etc"}}), {"ustar", "none"}),
      packed(entries, {"gnutar", "xz"}),
      packed(entries, {"zip", "none", "zip:encryption=zipcrypt"}),
  };
  Random random(20240607);
  const Desk desk;
  int taken = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::string archive = mutated(whole[below(random, whole.size())], random);
    const auto begun = std::chrono::steady_clock::now();
    const auto result = desk.take(archive);
    if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(20)) FAIL("round " << round << " hung");
    if (!result) {
      if (!is_a_sentence(result.error())) FAIL("round " << round << ": " << result.error());
    } else {
      ++taken;
      for (const char* const name : {"session_manager.hpp", "session_manager.cpp"})
        if (!fs::remove(desk.into() / name)) FAIL("round " << round << ": without " << name);
    }
    if (!desk.is_untouched()) FAIL("round " << round << " wrote elsewhere");
  }
  // Both ends were met.
  CHECK(taken > rounds / 100);
  CHECK(taken < rounds);
}
