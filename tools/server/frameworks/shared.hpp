// What a server's threads have in common with its connections'.
#pragma once

#include <atomic>

#include "tools/server/frameworks/server.hpp"

namespace lab::server {

// Thread safety: any thread may read all of it; the server sets `stopping`, once.
struct Shared {
  const ServerOptions options;
  const Handlers handlers;
  std::atomic<bool> stopping{false};
};

}  // namespace lab::server
