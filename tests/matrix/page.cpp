#include "tests/matrix/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace lab::test {
namespace {

// In the order of the page's columns.
constexpr const char* builds[] = {"explore", "debug", "release", "gcc", "tsan", "asan"};

using Row = std::pair<std::string, std::string>;   // bug and claim
using Cells = std::map<std::string, std::string>;  // by build

// "B10" comes after "B9", and the want of C12 last.
bool comes_before(const Row& a, const Row& b) {
  const auto key = [](const Row& row) {
    return std::make_tuple(row.first[0], row.first.size(), row.first, row.second);
  };
  return key(a) < key(b);
}

// What the page says of a record, and what it must go on saying.
std::string cell_of(const Record& record) {
  if (record.build != "explore") return record.found.find("ThreadSanitizer") != std::string::npos ? "report" : "found";
  std::string cell = fmt::format("{}, run {}, {} preemption{}", record.found, record.runs, record.preemptions,
                                 record.preemptions == 1 ? "" : "s");
  if (!record.place.empty()) cell += fmt::format(", `{}`", record.place);
  return cell;
}

std::map<Row, Cells, decltype(&comes_before)> rows_of(const std::vector<Record>& records) {
  std::map<Row, Cells, decltype(&comes_before)> rows(comes_before);
  for (const Record& record : records) rows[{record.bug, record.claim}][record.build] = cell_of(record);
  return rows;
}

constexpr const char* head = R"(# The bug matrix

Which test finds which bug in which build. The tests write it; CI compares: a test that stops finding its bug, or finds
another, fails the build. `tests/bugs.cmake` says what each must find, and this page what came of it.

- **explore**: the verdict, the number of the first failing run, its preemptions, and the function in which the schedule
  interrupts or blocks a thread. The same each time. No place: it fails under every schedule.
- **the other builds**: real threads. *found*: the test fails for the stated reason within 200 tries of its program.
  *report*: ThreadSanitizer reports it at the stated place. *-*: the test is not expected to show it in this build.

)";

}  // namespace

std::string page_of(const std::vector<Record>& records) {
  std::string page = head;
  page += "| bug | test |";
  for (const char* build : builds) page += fmt::format(" {} |", build);
  page += "\n|---|---|";
  for (std::size_t i = 0; i < std::size(builds); ++i) page += "---|";
  page += "\n";
  for (const auto& [row, cells] : rows_of(records)) {
    page += fmt::format("| {} | {} |", row.first, row.second);
    for (const char* build : builds) {
      const auto cell = cells.find(build);
      page += fmt::format(" {} |", cell == cells.end() ? "-" : cell->second);
    }
    page += "\n";
  }
  return page;
}

std::vector<std::string> faults_of(const std::string& page, const std::string& build,
                                   const std::vector<Record>& records) {
  std::vector<std::string> faults;
  const auto column = std::find(std::begin(builds), std::end(builds), build);
  if (column == std::end(builds)) return {fmt::format("there is no build {}", build)};
  if (records.empty()) return {fmt::format("no test of the build {} has written a record: run them first", build)};

  std::map<Row, std::string> published;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; line.starts_with("| ") && at + 2 < line.size();) {
      const std::size_t end = line.find(" |", at + 1);
      if (end == std::string::npos) break;
      fields.push_back(line.substr(at + 2, end - at - 2));
      at = end + 1;
    }
    if (fields.size() != 2 + std::size(builds) || fields[0] == "bug") continue;
    const std::string& cell = fields[2 + static_cast<std::size_t>(column - std::begin(builds))];
    if (cell != "-") published[{fields[0], fields[1]}] = cell;
  }
  for (const auto& [row, cells] : rows_of(records)) {
    for (const auto& [of, cell] : cells) {
      if (of != build) {
        faults.push_back(
            fmt::format("{}: {}: a record of the build {} among those of {}", row.first, row.second, of, build));
        continue;
      }
      const auto place = published.find(row);
      if (place == published.end()) {
        faults.push_back(fmt::format("{}: {}: {}, says the test; the page has nothing", row.first, row.second, cell));
      } else if (place->second != cell) {
        faults.push_back(
            fmt::format("{}: {}: {}, says the test; the page: {}", row.first, row.second, cell, place->second));
      }
      published.erase(row);
    }
  }
  for (const auto& [row, cell] : published)
    faults.push_back(fmt::format("{}: {}: {}, says the page; no test has found it", row.first, row.second, cell));
  return faults;
}

}  // namespace lab::test
