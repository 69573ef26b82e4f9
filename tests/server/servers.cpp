#include "tests/server/servers.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace lab::server::test {

Wire::Wire() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

bool Wire::connect(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval silent_max{60, 0};
  (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &silent_max, sizeof silent_max);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    ::close(std::exchange(socket_, -1));
  return is_connected();
}

Wire::~Wire() {
  if (socket_ >= 0) ::close(socket_);
}

bool Wire::send(const std::string& bytes) const {
  return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

void Wire::send_end() const { (void)::shutdown(socket_, SHUT_WR); }

bool Wire::has_more(std::chrono::milliseconds within) const {
  pollfd ready{socket_, POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(within.count())) > 0;
}

std::optional<std::string> Wire::receive_to_end() const {
  auto [all, whole] = receive_all();
  return whole ? std::optional(std::move(all)) : std::nullopt;
}

std::pair<std::string, bool> Wire::receive_all() const {
  std::string all;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = ::recv(socket_, buffer.data(), buffer.size(), 0)) > 0)
    all.append(buffer.data(), static_cast<std::size_t>(got));
  return {std::move(all), got == 0};
}

std::string raw(std::uint16_t port, const std::string& bytes, End end) {
  const Wire wire(port);
  if (!wire.is_connected()) return "";
  wire.send(bytes);
  if (end == End::sent) wire.send_end();
  return wire.receive();
}

}  // namespace lab::server::test
