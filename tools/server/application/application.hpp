// The quick start's web application over a session manager: its routes, once, for every framework.
// docs/reference/http.md lists them.
//
// Thread safety: handle() and refuse() may be called by any number of threads at once, as often as the manager can take
// it; there is no lock here. The manager must outlive this.
//
// 1. Every request gets one answer, and nothing is thrown. What is no JSON is the text of /metrics alone.
// 2. What is answered with 200 has happened, and its row is written (C15).
// 3. Every refusal is a JSON error, and changed nothing; but a login whose second step failed may have ended both
//    sessions.
// 4. Checking a session and acting on it are two operations of the manager. A session that is revoked between the two
//    is still acted on; one that has ended by then is not.
#pragma once

#include <chrono>
#include <string>

#include "common/interface.hpp"
#include "tools/server/application/http.hpp"
#include "tools/server/application/metrics.hpp"

namespace lab::server {

struct ApplicationOptions {
  Limits limits;
  BuildInfo info;
  // A proxy in front of the server ends TLS and sets X-Forwarded-Proto, and nobody else reaches the server.
  bool trust_proxy = false;
};

class Application {
public:
  // Of one preference; more is refused with 413.
  static constexpr std::size_t key_bytes_max = 256;
  static constexpr std::size_t value_bytes_max = 4096;

  Application(SessionManager& manager, ApplicationOptions options);

  Response handle(const Request& request);
  // The answer to what a server refused before it was a request, which counts it.
  Response refuse(int status);
  // The two, for a server that ends before this.
  Handlers handlers();

private:
  struct Route;
  // A request that may go on: who asks, if anybody.
  struct Caller;

  static const Route routes[];

  Response answer(const Request& request, const Route*& route);

  Response login(const Request& request, const Caller& caller);
  Response data(const Request& request, const Caller& caller);
  Response preferences(const Request& request, const Caller& caller);
  Response activity(const Request& request, const Caller& caller);
  Response logout(const Request& request, const Caller& caller);
  Response stats(const Request& request, const Caller& caller);
  Response health(const Request& request, const Caller& caller);
  Response metrics(const Request& request, const Caller& caller);

  // The session that asks, if it is there and authenticated; else the refusal.
  tl::expected<SessionData, Response> authenticated(const Caller& caller);
  bool is_secure(const Request& request) const;

  SessionManager& manager_;
  const ApplicationOptions options_;
  RequestMetrics metrics_;
};

}  // namespace lab::server
