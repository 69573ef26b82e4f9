#include "common/ids.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "common/errors.hpp"

using namespace lab;

namespace {

// How many of the 256 bytes may stand at that place of an otherwise well-formed id.
int bytes_allowed_at(std::size_t place) {
  const std::string id = new_session_id().str();
  int allowed = 0;
  for (int byte = 0; byte < 256; ++byte) {
    std::string changed = id;
    changed[place] = static_cast<char>(byte);
    allowed += is_well_formed(SessionId(changed)) ? 1 : 0;
  }
  return allowed;
}

}  // namespace

TEST_CASE("a new id is a version 4 UUID in lower case", "[common][ids]") {
  for (int i = 0; i < 1000; ++i) CHECK(is_well_formed(new_session_id()));
}

TEST_CASE("each place of an id allows what a version 4 UUID may have there and no other byte", "[common][ids]") {
  for (std::size_t place = 0; place < 36; ++place) {
    INFO("place " << place);
    const bool hyphen = place == 8 || place == 13 || place == 18 || place == 23;
    const int expected = hyphen || place == 14 ? 1 : (place == 19 ? 4 : 16);
    CHECK(bytes_allowed_at(place) == expected);
  }
}

TEST_CASE("an id of another length is not well formed", "[common][ids]") {
  const std::string id = new_session_id().str();
  CHECK_FALSE(is_well_formed(SessionId()));
  CHECK_FALSE(is_well_formed(SessionId(id.substr(1))));
  CHECK_FALSE(is_well_formed(SessionId(id + "0")));
  CHECK_FALSE(is_well_formed(SessionId(std::string(1 << 20, 'a'))));
}

// Of 122 random bits each is one in half of the ids. 4,000 ids: 2,000 with a deviation of 31.6, so a bit of a sound
// generator leaves 1,700 to 2,300, nine deviations and more, less than once in 10^18 runs.
TEST_CASE("every random bit of an id is one in about half of the ids", "[common][ids]") {
  constexpr int ids = 4000;
  std::array<int, 32 * 4> ones{};
  for (int i = 0; i < ids; ++i) {
    std::string digits = new_session_id().str();
    digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
    for (std::size_t digit = 0; digit < 32; ++digit) {
      const int value = std::stoi(digits.substr(digit, 1), nullptr, 16);
      for (std::size_t bit = 0; bit < 4; ++bit) ones[digit * 4 + bit] += (value >> (3 - bit)) & 1;
    }
  }
  int fixed_bits = 0;
  for (const int count : ones) {
    if (count == 0 || count == ids) {
      ++fixed_bits;
    } else {
      CHECK(count > 1700);
      CHECK(count < 2300);
    }
  }
  CHECK(fixed_bits == 6);  // four of the version, two of the variant
}

TEST_CASE("every error has a name of its own", "[common][errors]") {
  std::set<std::string_view> names;
  for (int error = 0; error < 6; ++error) names.insert(to_string(static_cast<Error>(error)));
  CHECK(names.size() == 6);
  CHECK(names.count("unknown_error") == 0);
  CHECK(to_string(static_cast<Error>(6)) == "unknown_error");
}
