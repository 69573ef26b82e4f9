// What the judges found, as far as blame depends on it. Places are told by function and by the text of the line: a
// line's number changes with every edit above it, its text only when somebody works on the line itself.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/evidence.hpp"

namespace lab::exercises {

struct Place {
  std::string function;  // "lab::Manager::get_session"; empty: not in the implementation
  std::string text;      // of the line, without comment and with single spaces: "++cache_hits_;"
  std::string location;  // "session_manager.cpp:73": for people, and no part of a comparison

  bool known() const { return !function.empty(); }
  friend bool operator==(const Place& a, const Place& b) { return a.function == b.function && a.text == b.text; }
};

struct RacingPair {
  Place later, earlier;

  bool known() const { return later.known() || earlier.known(); }
  // Which of the two came first is the schedule's doing.
  friend bool operator==(const RacingPair& a, const RacingPair& b) {
    return (a.later == b.later && a.earlier == b.earlier) || (a.later == b.earlier && a.earlier == b.later);
  }
};

// What one claim came to.
struct Finding {
  std::string claim;
  std::string verdict;  // a word of the report's: "passed", "assertion", "data_race", ...
  std::string summary;  // one sentence
  std::string location;
  std::vector<RacingPair> races;  // seen in the search, whatever the verdict

  // What the blame does not depend on, and people want to know.
  std::string message = {};  // as in Evidence
  std::string judge = "explorer";
  std::string tags = {};  // of the claim: "[C3][B1]"
  std::string replay = {};
  std::uint64_t runs = 0;
  bool exhaustive = false;
  std::uint32_t preemptions = 0;
  std::vector<std::string> account = {};
  nlohmann::json timeline = nullptr;  // as in Evidence
};

// The text by which a line is known.
std::string line_text(const std::string& line);

Finding finding_of(const Evidence& evidence, const std::vector<std::string>& source_lines);

// Of a copy that does not compile or link: the first error among the compiler's or linker's words, of the judge
// "build". What does not hold is that it compiles and links, and so the verdict is "assertion".
Finding refusal_of(const std::string& words);

// The findings in a file of evidence, schema 1, of a program whose session_manager.cpp is `source`. The error is a
// sentence: a file can't be read, or is no evidence.
tl::expected<std::vector<Finding>, std::string> read_findings(const std::string& file, const std::string& source);

}  // namespace lab::exercises
