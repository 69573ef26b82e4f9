#include "tests/mutants/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace lab::mutants {
namespace {

constexpr std::string_view killed_mark = "<!-- mutants: killed -->\n";
constexpr std::string_view proved_mark = "<!-- mutants: proved -->\n";
constexpr std::string_view end_mark = "<!-- mutants: end -->\n";
constexpr std::string_view killed_head = "| mutant | what it does | killed by | judge | how |\n|---|---|---|---|---|\n";

// What lies between a mark and its end.
Span between(const std::string& page, std::string_view mark) {
  const std::size_t begin = page.find(mark);
  const std::size_t end = page.find(end_mark, begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::runtime_error(fmt::format("the page has no place marked {}", mark));
  }
  return {begin + mark.size(), end};
}

// A bar would end the cell.
std::string cell(const std::string& text) { return std::regex_replace(text, std::regex(R"(\|)"), R"(\|)"); }

std::string killed_row(const Mutant& mutant, const Kill& kill) {
  return fmt::format("| `{}` | {} | {} | {} | {} |\n", mutant.id, cell(mutant.what), cell(kill.test), kill.judge,
                     kill.verdict);
}

// One entry for all mutants of one proof, in the order of the first of each.
std::string proved_list(const std::vector<Mutant>& mutants, const std::map<std::string, std::string>& proofs) {
  std::vector<std::pair<std::string, std::string>> entries;  // the proof, the mutants before it
  for (const Mutant& mutant : mutants) {
    const auto proof = proofs.find(mutant.id);
    if (proof == proofs.end()) continue;
    auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == proof->second; });
    if (entry == entries.end()) entry = entries.insert(entry, {proof->second, ""});
    entry->second += fmt::format("- `{}`: {}\n", mutant.id, mutant.what);
  }
  std::string list;
  for (const auto& [proof, lines] : entries) list += fmt::format("{}{}\n{}\n", list.empty() ? "" : "\n", lines, proof);
  return list;
}

std::string replaced(const std::string& page, std::string_view mark, const std::string& by) {
  const Span span = between(page, mark);
  return page.substr(0, span.begin) + by + page.substr(span.end);
}

}  // namespace

std::map<std::string, Kill> kills_on(const std::string& page) {
  static const std::regex row(R"(\| `([^`]+)` \| .* \| (.+) \| ([\w-]+) \| (\w+) \|)");
  const Span span = between(page, killed_mark);
  std::istringstream lines(page.substr(span.begin, span.end - span.begin));
  std::map<std::string, Kill> kills;
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (!line.starts_with("| `")) continue;
    if (!std::regex_match(line, cells, row)) throw std::runtime_error("a row of another form: " + line);
    kills[cells[1]] = {cells[3], cells[2], cells[4]};
  }
  return kills;
}

std::string with_tables(const std::string& page, const std::vector<Mutant>& mutants,
                        const std::map<std::string, Kill>& kills, const std::map<std::string, std::string>& proofs) {
  std::string table(killed_head);
  for (const Mutant& mutant : mutants) {
    const auto kill = kills.find(mutant.id);
    if (kill != kills.end() && !proofs.contains(mutant.id)) table += killed_row(mutant, kill->second);
  }
  return replaced(replaced(page, killed_mark, table), proved_mark, proved_list(mutants, proofs));
}

std::vector<std::string> faults_of(const std::string& page, const std::vector<Mutant>& mutants,
                                   const std::map<std::string, std::string>& proofs,
                                   const std::set<std::string>& known_tests) {
  const std::map<std::string, Kill> kills = kills_on(page);
  std::vector<std::string> faults;
  std::set<std::string> ids;
  for (const Mutant& mutant : mutants) {
    ids.insert(mutant.id);
    if (!kills.contains(mutant.id) && !proofs.contains(mutant.id)) {
      faults.push_back(fmt::format("{} ({}) is neither killed nor proved", mutant.id, mutant.what));
    }
  }
  for (const auto& [id, kill] : kills) {
    if (!ids.contains(id)) faults.push_back(fmt::format("{} is no mutant any more", id));
    if (proofs.contains(id)) faults.push_back(fmt::format("{} is killed, and proved equivalent", id));
    if (!known_tests.contains(kill.test)) faults.push_back(fmt::format("there is no test \"{}\"", kill.test));
  }
  if (with_tables(page, mutants, kills, proofs) != page)
    faults.emplace_back("the tables are not what they are made from");
  return faults;
}

std::vector<std::string> tests_in(const std::string& text) {
  static const std::regex test(R"re(^(?:TEST_CASE|CONCURRENT_CLAIM)\(\s*"([^"]*)")re", std::regex::multiline);
  std::vector<std::string> names;
  for (auto i = std::sregex_iterator(text.begin(), text.end(), test); i != std::sregex_iterator(); ++i) {
    names.push_back((*i)[1]);
  }
  return names;
}

}  // namespace lab::mutants
