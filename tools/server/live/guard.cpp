#include "tools/server/live/guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "tools/server/application/http.hpp"

namespace lab::live {
namespace {

// "localhost:80" → "localhost", "[::1]:80" → "[::1]".
std::string_view name_in(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

// An IPv6 address as it stands in the header, in brackets.
std::optional<in6_addr> address_in(std::string_view in_header) {
  if (in_header.size() < 2 || in_header.front() != '[' || in_header.back() != ']') return std::nullopt;
  in6_addr address{};
  if (::inet_pton(AF_INET6, std::string(in_header.substr(1, in_header.size() - 2)).c_str(), &address) != 1)
    return std::nullopt;
  return address;
}

bool is_address(std::string_view in_header) {
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(in_header).c_str(), &address) == 1 || address_in(in_header).has_value();
}

// A name, or an address: IPv6 has none of the brackets where a server listens; and an address can be written in more
// than one way. Who listens on all addresses goes by each of them: a page that leads here by its own name has a name.
bool is_same(std::string_view in_header, const std::string& host) {
  if (in_header == host) return true;
  if ((host == "0.0.0.0" || host == "::") && is_address(in_header)) return true;
  const auto asked = address_in(in_header);
  in6_addr known{};
  return asked && ::inet_pton(AF_INET6, host.c_str(), &known) == 1 && std::memcmp(&*asked, &known, sizeof known) == 0;
}

}  // namespace

std::optional<Refusal> refuse_host(const Asking& asking, const std::vector<std::string>& more_hosts) {
  const std::string_view name = name_in(asking.host);
  if (name == "localhost" || name == "127.0.0.1" || name == "[::1]") return std::nullopt;
  if (std::any_of(more_hosts.begin(), more_hosts.end(), [&](const std::string& host) { return is_same(name, host); }))
    return std::nullopt;
  return Refusal{403, "this server does not go by the name in the Host header: ask for localhost, or for its address"};
}

std::optional<Refusal> refuse_change(const Asking& asking, const std::vector<std::string>& more_hosts) {
  if (auto refusal = refuse_host(asking, more_hosts)) return refusal;
  const bool own_origin =
      asking.origin.empty() || asking.origin == "http://" + asking.host || asking.origin == "https://" + asking.host;
  const bool own_site = asking.fetch_site.empty() || asking.fetch_site == "same-origin" || asking.fetch_site == "none";
  if (!own_origin || !own_site) return Refusal{403, "a page of another site asked: use the page of this server"};
  if (!server::is_json(asking.content_type))
    return Refusal{415, "the body's Content-Type is not application/json: send JSON, and say so"};
  return std::nullopt;
}

}  // namespace lab::live
