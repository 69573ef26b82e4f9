#include "tools/exercises/tempting.hpp"

#include <algorithm>
#include <fstream>
#include <regex>

#include "tools/exercises/conditions.hpp"
#include "tools/exercises/source.hpp"

namespace lab::exercises {
namespace {

using nlohmann::json;

constexpr std::size_t summary_max = 2000;

TemptingRule rule_from(const json& entry, const Mended& mended) {
  TemptingRule rule;
  entry.at("name").get_to(rule.name);
  if (entry.at("exercises") != "all") entry.at("exercises").get_to(rule.exercises);
  for (const json& condition : entry.at("when")) rule.when.push_back(condition_from(condition, mended));
  entry.at("advice").get_to(rule.advice);
  if (rule.when.empty()) throw std::invalid_argument("it has no condition");
  if (rule.advice.empty()) throw std::invalid_argument("it has no advice");
  return rule;
}

std::string name_of(const json& entry) {
  const bool named = entry.is_object() && entry.contains("name") && entry.at("name").is_string();
  return named ? "rule " + entry.at("name").get<std::string>() : "a rule without a name";
}

bool is_for(const TemptingRule& rule, const std::string& exercise) {
  const auto& all = rule.exercises;
  return all.empty() || std::find(all.begin(), all.end(), exercise) != all.end();
}

}  // namespace

tl::expected<std::vector<TemptingRule>, std::string> read_tempting(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  std::vector<TemptingRule> rules;
  try {
    const json all = json::parse(in);
    if (all.at("schema") != 1) return tl::unexpected(file + " is not of schema 1");
    const auto mended = all.at("functions").get<Mended>();
    for (const json& entry : all.at("rules")) {
      const auto refused = [&](const std::string& why) {
        return tl::unexpected(file + ": " + name_of(entry) + ": " + why);
      };
      try {
        rules.push_back(rule_from(entry, mended));
      } catch (const std::regex_error&) {
        return refused("a pattern is no regular expression");
      } catch (const std::invalid_argument& error) {
        return refused(error.what());
      } catch (const json::exception& error) {
        return refused(error.what());
      }
      const auto same = [&](const TemptingRule& rule) { return rule.name == rules.back().name; };
      if (std::count_if(rules.begin(), rules.end(), same) > 1) return refused("there are two of that name");
    }
  } catch (const json::exception& error) {
    return tl::unexpected(file + ": " + error.what());
  }
  return rules;
}

const TemptingRule* tempting_rule(const std::vector<TemptingRule>& rules, const std::string& exercise,
                                  const Finding& finding, const std::string& handout, const std::string& copy) {
  try {
    const std::vector<Piece> before = pieces_of(handout), after = pieces_of(copy);
    if (before == after) return nullptr;
    Finding told = finding;
    if (told.summary.size() > summary_max) told.summary.resize(summary_max);
    const Case at{exercise, told, before, after};
    for (const TemptingRule& rule : rules) {
      if (!is_for(rule, exercise)) continue;
      const auto holds = [&](const auto& condition) { return condition->holds(at); };
      if (std::all_of(rule.when.begin(), rule.when.end(), holds)) return &rule;
    }
  } catch (const UnknownShape&) {
    // Code that was misread is no ground for advice.
  } catch (const std::regex_error&) {
    // Nor is code that takes a pattern too long.
  }
  return nullptr;
}

std::string advice_for(const std::vector<TemptingRule>& rules, const std::string& exercise, const Finding& finding,
                       const std::string& handout, const std::string& copy) {
  const TemptingRule* const rule = tempting_rule(rules, exercise, finding, handout, copy);
  return rule == nullptr ? "" : rule->advice;
}

}  // namespace lab::exercises
