// The explorer's side of runtime/serve.hpp.
#pragma once

#include <sys/types.h>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

class Client {
public:
  // `server` is a child process that serves, or is about to.
  Client(Exchange& exchange, pid_t server) : exchange_(exchange), server_(server) {}
  ~Client();  // ends it
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Makes one run of exchange.plan, and leaves its log. False if the server has ended: it was none.
  bool run(Order kind);

private:
  void give(Order kind);

  Exchange& exchange_;
  const pid_t server_;
  std::uint32_t orders_ = 0;
};

}  // namespace lab::explorer
