#include "tools/server/live/limits.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace lab::live {
namespace {

struct Member {
  const char* name;
  Range range;
  int LoadRequest::*value;
};

constexpr Member members[] = {
    {"seconds", seconds_range, &LoadRequest::seconds},
    {"operations_per_second", operations_range, &LoadRequest::operations_per_second},
    {"threads", threads_range, &LoadRequest::threads},
};

tl::unexpected<std::string> refusal(std::string sentence) { return tl::unexpected<std::string>(std::move(sentence)); }

}  // namespace

tl::expected<LoadRequest, std::string> parse_load_request(std::string_view json) {
  const auto asked = nlohmann::json::parse(json, nullptr, false);
  if (!asked.is_object())
    return refusal(
        R"(the body is no JSON object: send one like {"seconds": 20, "operations_per_second": 5000, "threads": 4})");
  LoadRequest request;
  std::size_t known = 0;
  for (const Member& member : members) {
    const auto place = asked.find(member.name);
    if (place == asked.end()) continue;
    ++known;
    if (!place->is_number_integer() || !member.range.has(place->get<long long>()))
      return refusal(
          fmt::format("{} is to be a whole number from {} to {}", member.name, member.range.least, member.range.most));
    request.*member.value = place->get<int>();
  }
  if (known != asked.size())
    return refusal("the body has a member that is none of seconds, operations_per_second and threads: leave it out");
  return request;
}

}  // namespace lab::live
