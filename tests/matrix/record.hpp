// One cell of the matrix bug x test x build: that a test found its bug in a build, as the test itself writes it down.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace lab::test {

struct Record {
  std::string bug;    // "B1", or "C12" for the want of it
  std::string claim;  // the test's name
  std::string build;  // "debug", "release", "gcc", "tsan", "asan" or "explore"
  std::string found;  // the words of the failure: explored, the verdict; else the expression that its output matched
  std::uint64_t runs = 0;  // explored: until it was found, the same each time; else tries of the program, which vary
  std::uint32_t preemptions = 0;  // explored
  std::string place;  // explored: "update_session", where the schedule interrupts or blocks it; may be empty

  auto operator<=>(const Record&) const = default;
};

// A JSON object of the members by their names, written beside the file and renamed into place; its folder is made.
// Throws std::runtime_error.
void write_record(const std::string& file, const Record& record);

// The records of all files *.json in a folder, sorted; none if there is no such folder. Throws std::runtime_error that
// names the file that is not one.
std::vector<Record> read_records(const std::string& folder);

}  // namespace lab::test
