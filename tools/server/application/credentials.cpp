#include "tools/server/application/credentials.hpp"

#include <algorithm>
#include <string_view>

namespace lab::server {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Gathers ids; empty ones are ids too, which no manager knows.
class Gathered {
public:
  void add(std::string_view id) {
    if (!id_) {
      id_ = std::string(id);
    } else if (*id_ != id) {
      differ_ = true;
    }
  }
  bool any() const { return id_.has_value(); }
  Credentials as(Credentials::Source source) const {
    if (differ_) return {Credentials::Source::ambiguous, {}};
    return {source, SessionId(*id_)};
  }

private:
  std::optional<std::string> id_;
  bool differ_ = false;
};

std::string attributes(bool secure) {
  return std::string("; Path=/; HttpOnly; SameSite=Strict") + (secure ? "; Secure" : "");
}

}  // namespace

Credentials credentials_of(const Headers& headers) {
  Gathered in_headers;
  for (const std::string_view value : values_of(headers, "Authorization")) {
    const std::string_view whole = trimmed(value);
    const std::size_t space = whole.find(' ');
    const std::string_view token = space == std::string_view::npos ? "" : trimmed(whole.substr(space));
    if (lower(whole.substr(0, space)) != "bearer" || token.empty()) return {Credentials::Source::malformed, {}};
    in_headers.add(token);
  }
  for (const char* const name : {"X-Session-Id", "Session-Id"})
    for (const std::string_view value : values_of(headers, name)) in_headers.add(trimmed(value));
  if (in_headers.any()) return in_headers.as(Credentials::Source::explicit_header);

  Gathered in_cookies;
  for (std::string_view rest : values_of(headers, "Cookie")) {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != cookie_name) continue;
      std::string_view id = trimmed(pair.substr(equals + 1));
      if (id.size() >= 2 && id.front() == '"' && id.back() == '"') id = id.substr(1, id.size() - 2);
      in_cookies.add(id);
    }
  }
  if (in_cookies.any()) return in_cookies.as(Credentials::Source::cookie);
  return {};
}

bool came_by_tls(const Headers& headers) {
  // A proxy appends to what it got; the last word is the one of the proxy that speaks to us.
  const auto values = values_of(headers, "X-Forwarded-Proto");
  if (values.empty()) return false;
  const std::string_view last = values.back();
  const std::size_t comma = last.rfind(',');
  return lower(trimmed(comma == std::string_view::npos ? last : last.substr(comma + 1))) == "https";
}

std::string cookie_for(const SessionId& id, bool secure) {
  return std::string(cookie_name) + "=" + id.str() + attributes(secure);
}

std::string cookie_removed(bool secure) { return std::string(cookie_name) + "=; Max-Age=0" + attributes(secure); }

}  // namespace lab::server
