// Who may ask: pages of this server, and programs on this machine that are no browser. A page of another site may not,
// neither straight (its origin is another) nor by a name of its own that leads here (DNS rebinding: the host is
// another).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab::live {

struct Refusal {
  int status = 0;
  std::string sentence;

  bool operator==(const Refusal&) const = default;
};

// The headers that a browser sends; empty where it does not.
struct Asking {
  std::string host = {};
  std::string origin = {};
  std::string fetch_site = {};    // Sec-Fetch-Site
  std::string content_type = {};  // of a request with a body
};

// Refuses a Host that is neither a name of loopback nor one of `more_hosts`; ports don't matter. An IPv6 address stands
// there without brackets; 0.0.0.0 and :: stand for any address, and for no name.
std::optional<Refusal> refuse_host(const Asking& asking, const std::vector<std::string>& more_hosts);

// Refuses also what another site's page sends, and what is no JSON: a form can't send that.
std::optional<Refusal> refuse_change(const Asking& asking, const std::vector<std::string>& more_hosts);

}  // namespace lab::live
