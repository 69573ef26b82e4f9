#include "tools/server/frameworks/linger.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "tools/server/frameworks/wait.hpp"

namespace lab::server {

void linger(int socket) {
  using Clock = std::chrono::steady_clock;
  (void)::shutdown(socket, SHUT_WR);
  std::array<char, 16384> buffer{};
  const Clock::time_point end = Clock::now() + linger_time;
  for (std::size_t bytes = 0; bytes < linger_bytes_max;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0 || !wait_for(socket, POLLIN, left)) return;
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    bytes += static_cast<std::size_t>(got);
  }
}

}  // namespace lab::server
