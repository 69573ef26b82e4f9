// One mutant before all judges, until one of them fails it.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/mutants/judges.hpp"

namespace lab::mutants {

// Thread safe: any number of mutants may be tried at once.
class Trials {
public:
  // `work` holds a folder for each mutant while it is tried.
  Trials(const Build& build, std::vector<Test> tests, std::filesystem::path work);

  // `first` is tried before the others: what killed this mutant before will most likely do so again. fate: killed,
  // survived, or could_not_judge.
  Result run(const Mutant& mutant, const std::optional<Kill>& first);

private:
  Result judged(const Mutant& mutant, const std::vector<Test>& order, const std::filesystem::path& folder);
  // If so, fills the result. A test that has no opinion adds a line to its summary.
  bool is_killed_by(const Test& test, Depth depth, const std::filesystem::path& folder, Result& result);
  // A test that fails on `fixed` says nothing of its mutants.
  bool passes_on_fixed(const Test& test);

  const Build& build_;
  const std::vector<Test> tests_;
  const std::filesystem::path work_;

  std::mutex mutex_;
  std::map<std::string, bool> passes_on_fixed_;  // by judge and name; guarded by mutex_
};

}  // namespace lab::mutants
