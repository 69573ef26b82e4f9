#include "tests/mutants/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>

namespace lab::mutants {
namespace {

std::string folder_name(std::string id) {
  std::replace(id.begin(), id.end(), '/', '.');
  return id;
}

}  // namespace

Trials::Trials(const Build& build, std::vector<Test> tests, std::filesystem::path work)
    : build_(build), tests_(std::move(tests)), work_(std::filesystem::absolute(work)) {}

Result Trials::run(const Mutant& mutant, const std::optional<Kill>& first) {
  std::vector<Test> order = tests_;
  if (first) {
    std::stable_partition(order.begin(), order.end(),
                          [&](const Test& test) { return test.judge == first->judge && test.name == first->test; });
  }
  const auto begun = std::chrono::steady_clock::now();
  const std::filesystem::path folder = work_ / folder_name(mutant.id);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);  // of a run that was stopped
  Result result;
  try {
    result = judged(mutant, order, folder);
  } catch (const std::exception& error) {
    result.summary = error.what();
  }
  std::filesystem::remove_all(folder, ignored);
  result.id = mutant.id;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return result;
}

Result Trials::judged(const Mutant& mutant, const std::vector<Test>& order, const std::filesystem::path& folder) {
  Result result;
  if (const std::string complaint = build_.compile(mutant, folder); !complaint.empty()) {
    result.summary = "it does not compile: " + complaint;
    return result;
  }
  std::optional<bool> one_thread_pass;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Test& test = order[i];
    if (test.judge == "one-thread" && i > 0) {  // the first of all may have been moved there, and is asked alone
      if (!one_thread_pass) one_thread_pass = one_thread_passes(build_.link(test.program, folder));
      if (*one_thread_pass) continue;
    }
    if (is_killed_by(test, Depth::shallow, folder, result)) return result;
  }
  for (const Test& test : order) {
    if (test.program == Program::explored && is_killed_by(test, Depth::full, folder, result)) return result;
  }
  result.fate = result.summary.empty() ? Fate::survived : Fate::could_not_judge;
  return result;
}

bool Trials::is_killed_by(const Test& test, Depth depth, const std::filesystem::path& folder, Result& result) {
  const Opinion opinion = ask(build_.link(test.program, folder), test, depth);
  if (opinion.of == Opinion::Of::passes) return false;
  if (opinion.of == Opinion::Of::fails && passes_on_fixed(test)) {
    result.fate = Fate::killed;
    result.kill = {test.judge, test.name, opinion.verdict};
    result.summary = opinion.summary;
    return true;
  }
  // Another test may still judge it.
  result.summary += fmt::format("{} could not judge by \"{}\": {}\n", test.judge, test.name, opinion.summary);
  return false;
}

bool Trials::passes_on_fixed(const Test& test) {
  const std::string key = test.judge + "/" + test.name;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = passes_on_fixed_.find(key); known != passes_on_fixed_.end()) return known->second;
  }
  const bool passes = ask(build_.original(test.program), test, Depth::shallow).of == Opinion::Of::passes;
  const std::lock_guard lock(mutex_);
  return passes_on_fixed_[key] = passes;
}

}  // namespace lab::mutants
