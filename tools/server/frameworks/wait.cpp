#include "tools/server/frameworks/wait.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace lab::server {

bool wait_for(int socket, short events, std::chrono::milliseconds time) {
  pollfd ready{socket, events, 0};
  int polled = 0;
  do {
    polled = ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(time.count(), 0)));
  } while (polled < 0 && errno == EINTR);
  return polled > 0;
}

}  // namespace lab::server
