// Checks what ./lab check has said to a copy with a tempting fix in it, by the report it wrote.
//
//   check_tempting REPORT RULES EXERCISE SUMMARY RULE [--others-passed]
//   check_tempting REPORT RULES --no-advice
//
// First: the exercise has failed, among others for that reason (SUMMARY, a regular expression); each finding for that
// reason has the advice of the rule, word for word, and no other finding has any. Second: every exercise of the report
// has failed, and nobody got advice.
//
// Exit status: 0 it is so · 1 it is not · 2 usage, or a file can't be read.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "tools/exercises/tempting.hpp"

namespace {

using namespace lab::exercises;
using nlohmann::json;

int fault(const std::string& what) {
  fmt::print("{}\n", what);
  return 1;
}

std::string or_nothing(const json& value) { return value.is_string() ? value.get<std::string>() : ""; }

int check_no_advice(const json& report) {
  for (const json& exercise : report.at("exercises")) {
    if (exercise.at("verdict") != "failed")
      return fault(fmt::format("exercise {} is {}", or_nothing(exercise.at("id")), or_nothing(exercise.at("verdict"))));
    for (const json& evidence : exercise.at("evidence")) {
      if (!evidence.at("advice").is_null())
        return fault(fmt::format("exercise {} gets advice: {}", or_nothing(exercise.at("id")),
                                 or_nothing(evidence.at("advice"))));
    }
  }
  return 0;
}

int check_advice(const json& report, const std::string& id, const std::string& summary, const TemptingRule& rule,
                 bool others_passed) {
  const std::regex expected(summary);
  std::vector<std::string> reasons;
  bool advised = false;
  for (const json& exercise : report.at("exercises")) {
    const bool wanted = exercise.at("id") == id;
    const std::string verdict = or_nothing(exercise.at("verdict"));
    if (wanted ? verdict != "failed" : others_passed && verdict != "passed")
      return fault(fmt::format("exercise {} is {}", or_nothing(exercise.at("id")), verdict));
    if (!wanted) continue;
    for (const json& evidence : exercise.at("evidence")) {
      const std::string advice = or_nothing(evidence.at("advice"));
      if (!advice.empty() && advice != rule.advice) return fault("another rule has advised: " + advice);
      if (evidence.at("verdict") == "passed") continue;
      reasons.push_back(or_nothing(evidence.at("summary")));
      const bool is_expected = std::regex_search(reasons.back(), expected);
      if (is_expected && advice.empty()) return fault("there is no advice for: " + reasons.back());
      if (!is_expected && !advice.empty()) return fault("there is advice for another reason: " + reasons.back());
      advised |= is_expected;
    }
  }
  return advised ? 0 : fault(fmt::format("it failed for other reasons: {}", fmt::join(reasons, "; ")));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool none = words.size() == 3 && words[2] == "--no-advice";
  const bool others_passed = words.size() == 6 && words[5] == "--others-passed";
  if (!none && !others_passed && words.size() != 5) {
    fmt::print(stderr,
               "usage: check_tempting REPORT RULES EXERCISE SUMMARY RULE [--others-passed]\n"
               "       check_tempting REPORT RULES --no-advice\n");
    return 2;
  }
  try {
    std::ifstream in(words[0]);
    const json report = json::parse(in);
    if (none) return check_no_advice(report);
    const auto rules = read_tempting(words[1]);
    if (!rules) {
      fmt::print("{}\n", rules.error());
      return 2;
    }
    const auto rule =
        std::find_if(rules->begin(), rules->end(), [&](const TemptingRule& one) { return one.name == words[4]; });
    if (rule == rules->end()) return fault("there is no rule " + words[4]);
    return check_advice(report, words[2], words[3], *rule, others_passed);
  } catch (const std::exception& error) {
    fmt::print("{}: {}\n", words[0], error.what());
    return 2;
  }
}
