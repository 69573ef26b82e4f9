#include "tools/server/live/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lab::live {
namespace {

using Json = nlohmann::json;

bool is_count(const Json& object, const char* name) {
  const auto place = object.find(name);
  return place != object.end() && place->is_number_unsigned();
}

bool all_counts(const Json& sample, const char* part, std::initializer_list<const char*> names) {
  const auto place = sample.find(part);
  return place != sample.end() && place->is_object() && std::all_of(place->begin(), place->end(), [&](const Json& one) {
           return one.is_object() &&
                  std::all_of(names.begin(), names.end(), [&](const char* name) { return is_count(one, name); });
         });
}

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

struct Phrase {
  const char* sign;
  const char* one;   // {0} is the difference, {1} what was expected
  const char* many;  // the same of more than one
};

constexpr Phrase phrases[] = {
    {"counters", "{0} of {1} increments lost", "{0} of {1} increments lost"},
    {"data", "{0} of {1} preferences lost", "{0} of {1} preferences lost"},
    {"memory", "{0} row left in the cleanup queue", "{0} rows left in the cleanup queue"},
    {"metrics", "{0} of {1} comparisons of its counts false", "{0} of {1} comparisons of its counts false"},
    {"logouts", "{0} of {1} active users logged out", "{0} of {1} active users logged out"},
    {"revived", "{0} session back after its log-out", "{0} sessions back after their log-out"},
    {"hits", "{0} of {1} cache hits not counted", "{0} of {1} cache hits not counted"},
};

}  // namespace

std::optional<Json> sample_in(std::string_view line) {
  Json sample = Json::parse(line, nullptr, false);
  if (!sample.is_object() || !is_count(sample, "sample") || !is_count(sample, "operations")) return std::nullopt;
  if (const auto seconds = sample.find("seconds"); seconds == sample.end() || !seconds->is_number())
    return std::nullopt;
  if (!all_counts(sample, "signs", {"expected", "counted"})) return std::nullopt;
  if (!all_counts(sample, "latency", {"median_us", "p95_us", "longest_us"})) return std::nullopt;
  return sample;
}

std::string verdict_on(const std::string& program, const Json& sample) {
  if (sample.is_null()) return program + ": no figures yet.";
  std::vector<std::string> losses;
  for (const Phrase& phrase : phrases) {
    const auto place = sample.at("signs").find(phrase.sign);
    if (place == sample.at("signs").end()) continue;
    const auto expected = place->at("expected").get<std::uint64_t>();
    const auto counted = place->at("counted").get<std::uint64_t>();
    const std::uint64_t difference = expected > counted ? expected - counted : counted - expected;
    if (difference == 0) continue;
    losses.push_back(
        fmt::format(fmt::runtime(difference == 1 ? phrase.one : phrase.many), grouped(difference), grouped(expected)));
  }
  if (losses.empty())
    return fmt::format("{}: nothing lost in {} operations.", program,
                       grouped(sample.at("operations").get<std::uint64_t>()));
  return fmt::format("{}: {}.", program, fmt::join(losses, ", "));
}

}  // namespace lab::live
