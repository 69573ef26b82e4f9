// How far a student is, for `./lab check` and `list` to know what to show: progress.json in the working copy. Nothing
// is graded from it; if it is gone, or no longer JSON, one begins anew.
//
//   { "schema": 1, "verdicts": { "01": "passed" }, "hints": { "01": 2 } }
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace lab::cli {

class Progress {
public:
  explicit Progress(std::filesystem::path folder);

  // As the last check had it; empty: not tried.
  std::string verdict(const std::string& exercise) const;
  bool is_green(const std::string& exercise) const { return verdict(exercise) == "passed"; }
  void set_verdict(const std::string& exercise, const std::string& verdict) { verdicts_[exercise] = verdict; }

  // Hints that were shown.
  std::size_t hints(const std::string& exercise) const;
  void set_hints(const std::string& exercise, std::size_t count) { hints_[exercise] = count; }

  // Says so on stderr if it can't be written: no reason to fail.
  void save() const;

private:
  const std::filesystem::path file_;
  std::map<std::string, std::string> verdicts_;
  std::map<std::string, std::size_t> hints_;
};

}  // namespace lab::cli
