// The explorer's side of runtime/serve.hpp.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

class Client {
public:
  // `server` is a child process that serves, or is about to.
  Client(Exchange& exchange, pid_t server) : exchange_(exchange), server_(server) {}
  ~Client() {
    (void)end(std::chrono::milliseconds(100));
  }  // a server that is none of ours, and is not told more kindly
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Makes one run of exchange.plan, and leaves its log. False if the server has ended: it was none.
  bool run(Order kind);

  // Ends the server, by force when `patience` is over, and says whether it ended by itself. If not, the code under test
  // may have killed it: a run goes on for a moment after that, and may answer.
  bool end(std::chrono::milliseconds patience);

private:
  void give(Order kind);

  Exchange& exchange_;
  pid_t server_;  // -1: it has ended
  std::uint32_t orders_ = 0;
};

}  // namespace lab::explorer
