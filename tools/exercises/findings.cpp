#include "tools/exercises/findings.hpp"

#include <cctype>
#include <charconv>
#include <fstream>
#include <regex>
#include <sstream>

namespace lab::exercises {
namespace {

using Lines = std::vector<std::string>;

// The number after the last colon; 0 if there is none.
std::size_t line_number(const std::string& location) {
  std::size_t number = 0;
  const std::size_t colon = location.rfind(':');
  if (colon == std::string::npos) return 0;
  (void)std::from_chars(location.data() + colon + 1, location.data() + location.size(), number);
  return number;
}

Place place_from(const EvidencePlace& told, const Lines& lines) {
  Place place{told.function, "", told.location};
  const std::size_t number = line_number(place.location);
  if (number > 0 && number <= lines.size()) place.text = line_text(lines[number - 1]);
  return place;
}

// "session_manager.cpp:57", of "/home/alice/work/session_manager.cpp:57:3: fatal "; empty if it names no place.
std::string place_before(const std::string& message) {
  static const std::regex place(R"(([^/:]+:\d+):\d+: )");
  std::smatch match;
  return std::regex_search(message, match, place) ? match[1].str() : "";
}

}  // namespace

std::string line_text(const std::string& line) {
  std::string text;
  bool space = false;
  for (const char c : line.substr(0, line.find("//"))) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = !text.empty();
      continue;
    }
    if (space) text += ' ';
    space = false;
    text += c;
  }
  return text;
}

Finding finding_of(const Evidence& evidence, const Lines& lines) {
  Finding finding{.claim = evidence.test,
                  .verdict = evidence.verdict,
                  .summary = evidence.summary,
                  .location = evidence.location,
                  .races = {},
                  .message = evidence.message,
                  .judge = evidence.judge,
                  .tags = evidence.tags,
                  .replay = evidence.replay,
                  .runs = evidence.runs,
                  .exhaustive = evidence.exhaustive,
                  .preemptions = evidence.preemptions,
                  .account = evidence.account,
                  .timeline = evidence.timeline};
  for (const EvidenceRace& race : evidence.races)
    finding.races.push_back({place_from(race.later, lines), place_from(race.earlier, lines)});
  return finding;
}

Finding refusal_of(const std::string& words) {
  const std::string mark = "error: ";
  Finding finding;
  finding.judge = "build";
  finding.claim = "the copy compiles and links";
  finding.verdict = "assertion";
  std::istringstream lines(words);
  std::string first;
  for (std::string line; std::getline(lines, line);) {
    if (first.empty()) first = line;
    const std::size_t at = line.find(mark);
    // "clang: error: linker command failed": the linker itself has said why.
    if (at == std::string::npos || line.starts_with("clang")) continue;
    finding.summary = line.substr(at + mark.size());
    finding.location = place_before(line.substr(0, at));
    break;
  }
  if (finding.summary.empty()) finding.summary = first.empty() ? "the compiler gives no reason" : first;
  return finding;
}

tl::expected<std::vector<Finding>, std::string> read_findings(const std::string& file, const std::string& source) {
  std::ifstream source_in(source);
  if (!source_in) return tl::unexpected("can't read " + source);
  Lines lines;
  for (std::string line; std::getline(source_in, line);) lines.push_back(line);

  const auto evidence = read_evidence(file);
  if (!evidence) return tl::unexpected(evidence.error());
  std::vector<Finding> findings;
  for (const Evidence& one : *evidence) findings.push_back(finding_of(one, lines));
  return findings;
}

}  // namespace lab::exercises
