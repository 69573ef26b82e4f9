#include "tools/server/application/http.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>

#include "tools/server/application/json.hpp"

namespace lab::server {
namespace {

struct Reason {
  int status;
  std::string_view name;
  std::string_view message;
};

// What frameworks refuse before the routes see it.
constexpr Reason reasons[] = {
    {400, "bad_request", "this is no well-formed HTTP request"},
    {404, "not_found", "there is nothing at this path"},
    {405, "method_not_allowed", "this path does not take this method"},
    {408, "request_timeout", "the request took too long to arrive"},
    {413, "body_too_large", "the body is larger than the server accepts"},
    {414, "target_too_long", "the target is longer than the server accepts"},
    {415, "unsupported_media_type", "the body must be application/json, without an encoding"},
    {417, "expectation_failed", "the only expectation that is met is 100-continue"},
    {431, "headers_too_large", "the headers are larger than the server accepts"},
    {503, "unavailable", "the server has no connection to spare"},
};
constexpr Reason anything_else{500, "internal_error", "the server could not answer"};

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(), lower_of);
  return made;
}

std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [its_name, value] : headers) {
    const bool same = std::equal(its_name.begin(), its_name.end(), name.begin(), name.end(),
                                 [](char one, char other) { return lower_of(one) == lower_of(other); });
    if (same) values.push_back(value);
  }
  return values;
}

bool frames_body(const Headers& headers) {
  const auto lengths = values_of(headers, "Content-Length"), codings = values_of(headers, "Transfer-Encoding");
  if (lengths.size() + codings.size() > 1) return false;
  if (!codings.empty()) return lower(codings.front()) == "chunked";
  return lengths.empty() ||
         (!lengths.front().empty() && lengths.front().find_first_not_of("0123456789") == std::string_view::npos);
}

bool is_json(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  type.remove_prefix(std::min(type.find_first_not_of(" \t"), type.size()));
  return lower(type.substr(0, type.find_last_not_of(" \t") + 1)) == "application/json";
}

Response answer_with(int status, std::string_view content_type, std::string body) {
  return {status,
          {{"Content-Type", std::string(content_type)},
           {"Cache-Control", "no-store"},
           {"X-Content-Type-Options", "nosniff"},
           {"Date", fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)))}},
          std::move(body)};
}

Response refusal(int status, std::string_view name, std::string_view message) {
  return answer_with(status, json_type, dump({{"error", {{"status", status}, {"name", name}, {"message", message}}}}));
}

Response refusal(int status) {
  const auto* const reason =
      std::find_if(std::begin(reasons), std::end(reasons), [&](const Reason& one) { return one.status == status; });
  const Reason& found = reason == std::end(reasons) ? anything_else : *reason;
  return refusal(status, found.name, found.message);
}

}  // namespace lab::server
