// One interface in front of three HTTP frameworks. An adapter asks its handlers for each answer and sends it; it knows
// no route.
//
// A server listens when it has been made, and its threads call the handlers until stop().
//
//   1. Every request that is read whole is answered, once, and stop() waits for that.
//   2. While it stops, a connection's next answer says "Connection: close"; a connection on which no request comes for
//      drain_time is closed. So a client that asks one request after the other loses none. Who has connected when
//      stop() is called is taken in, also those who wait; new connections are refused. Between the last look and the
//      closing the system may connect somebody whom nobody sees: that one is reset, and nothing is done for it.
//   3. Requests beyond the limits, and what is no HTTP, are refused with the answer that Handlers::refuse makes; where
//      the client is too slow, with none. Nothing of them reaches Handlers::answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "tools/server/application/http.hpp"

namespace lab::server {

// How long a stopping server waits for a request that is on its way: many times a loopback's round trip, and no time to
// a person.
inline constexpr std::chrono::milliseconds drain_time{300};

struct ServerOptions {
  std::string address = "127.0.0.1";  // of an interface; loopback: nobody else's machine can connect
  std::uint16_t port = 0;             // 0: the system chooses
  Limits limits;
  // That are served at once; a blocking framework has a thread for each. The others wait, or are refused.
  unsigned connections_max = 64;
};

class Server {
public:
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  virtual ~Server() = default;  // stops it

  // Where it listens.
  virtual std::uint16_t port() const = 0;

  // Returns when every answer has been sent and every thread has ended. To be called once or more, by one thread, and
  // not by a handler.
  virtual void stop() = 0;
};

// The error is one sentence: who can't listen where, and what to do.
using Started = tl::expected<std::unique_ptr<Server>, std::string>;

std::string cannot_listen(const ServerOptions& options, const std::string& why);

}  // namespace lab::server
