#include "tools/server/frameworks/httplib/limited_stream.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "tools/server/frameworks/linger.hpp"
#include "tools/server/frameworks/server.hpp"
#include "tools/server/frameworks/wait.hpp"

namespace lab::server {
namespace {

// How long a client may take none of what it asked for.
constexpr std::chrono::milliseconds write_time{5000};
// How soon an idle connection notices that the server stops.
constexpr std::chrono::milliseconds notice_time{20};
// What the framing of chunks may add to a body.
constexpr std::size_t framing_bytes_max = 4096;

void name_of(int (*ask)(int, sockaddr*, socklen_t*), socket_t socket, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (ask(socket, any, &length) != 0 || ::getnameinfo(any, length, host.data(), host.size(), service.data(),
                                                      service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return;
  ip = host.data();
  port = std::atoi(service.data());
}

}  // namespace

LimitedStream::LimitedStream(socket_t socket, const Limits& limits) : socket_(socket), limits_(limits) {}

LimitedStream::~LimitedStream() { (void)::close(socket_); }

bool LimitedStream::await_request(const std::atomic<bool>& stopping) {
  Clock::time_point end = Clock::now() + limits_.idle_time;
  bool hurried = false;
  while (begin_ == end_) {
    if (!hurried && stopping) {
      hurried = true;
      end = std::min(end, Clock::now() + drain_time);
    }
    if (Clock::now() >= end) return false;
    if (wait_for(socket_, POLLIN, notice_time)) return is_writable();  // or the client's end of the connection
  }
  return true;
}

void LimitedStream::begin_request() {
  left_ = limits_.head_bytes_max;
  in_line_ = true;
  in_body_ = false;
  over_ = 0;
  deadline_ = Clock::now() + limits_.request_time;
}

void LimitedStream::begin_body() {
  // The library refuses a longer body by its length, and the application one that came in chunks.
  left_ = 2 * limits_.body_bytes_max + framing_bytes_max;
  in_body_ = true;
}

void LimitedStream::refuse(const Response& response) {
  over_ = 0;
  in_body_ = true;
  std::string text =
      fmt::format("HTTP/1.1 {} \r\nConnection: close\r\nContent-Length: {}\r\n", response.status, response.body.size());
  for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\r\n", name, value);
  text += "\r\n" + response.body;
  (void)write(text.data(), text.size());
  linger(socket_);
}

bool LimitedStream::is_readable() const {
  return begin_ != end_ || wait_for(socket_, POLLIN, std::chrono::milliseconds(limits_.request_time));
}

bool LimitedStream::is_writable() const {
  char byte = 0;
  const ssize_t got = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) return false;
  return wait_for(socket_, POLLOUT, write_time);
}

bool LimitedStream::fill() {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  if (left.count() <= 0 || !wait_for(socket_, POLLIN, left)) {
    over_ = 408;
    return false;
  }
  const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got <= 0) return false;
  begin_ = 0;
  end_ = static_cast<std::size_t>(got);
  return true;
}

ssize_t LimitedStream::read(char* to, size_t size) {
  if (over_ != 0) return -1;
  if (left_ == 0) {
    over_ = in_body_ ? 413 : in_line_ ? 414 : 431;
    return -1;
  }
  if (begin_ == end_ && !fill()) return over_ != 0 ? -1 : 0;
  const std::size_t count = std::min({size, end_ - begin_, left_});
  std::memcpy(to, buffer_.data() + begin_, count);
  if (in_line_ && std::memchr(to, '\n', count) != nullptr) in_line_ = false;
  begin_ += count;
  left_ -= count;
  return static_cast<ssize_t>(count);
}

ssize_t LimitedStream::write(const char* from, size_t size) {
  if (over_ == 0 && !in_body_) over_ = 400;  // an answer before the head was understood
  if (over_ != 0) return static_cast<ssize_t>(size);
  for (std::size_t sent = 0; sent < size;) {
    if (!wait_for(socket_, POLLOUT, write_time)) return -1;
    const ssize_t now = ::send(socket_, from + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (now < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (now <= 0) return -1;
    sent += static_cast<std::size_t>(now);
  }
  return static_cast<ssize_t>(size);
}

void LimitedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  name_of(::getpeername, socket_, ip, port);
}

void LimitedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  name_of(::getsockname, socket_, ip, port);
}

}  // namespace lab::server
