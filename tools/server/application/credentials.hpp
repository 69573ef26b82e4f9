// Which session a request belongs to, and the cookie that makes the next one belong to it.
#pragma once

#include <optional>
#include <string>

#include "common/values.hpp"
#include "tools/server/application/http.hpp"

namespace lab::server {

inline constexpr std::string_view cookie_name = "session_id";

struct Credentials {
  enum class Source {
    none,
    explicit_header,  // Authorization: Bearer, X-Session-Id, or the document's Session-Id
    cookie,           // sent by the browser whoever made it ask
    ambiguous,        // two that differ: nobody knows who is asking
    malformed,        // an Authorization header of another scheme or form
  };
  Source source = Source::none;
  SessionId id;  // of explicit_header and cookie; any bytes, not yet known to any manager
};

// A header counts for more than a cookie, which the user may not know of. Two ids in headers, or two in cookies, must
// be the same.
Credentials credentials_of(const Headers& headers);

// Whether the request came by TLS, as a proxy in front of this server says: asked only where there is one to be
// trusted, since anybody else may send that header too.
bool came_by_tls(const Headers& headers);

// The value of Set-Cookie: not readable by scripts, not sent with requests that other sites make, and where `secure`
// not sent without TLS. It ends with the browser; the server ends an idle session by its own clock.
std::string cookie_for(const SessionId& id, bool secure);
// ... that makes the browser forget it.
std::string cookie_removed(bool secure);

}  // namespace lab::server
