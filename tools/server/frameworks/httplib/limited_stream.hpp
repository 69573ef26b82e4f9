// A connection as cpp-httplib reads and writes it, that ends a request which is too large or too slow. The library
// itself reads a line, a number of headers and a body in chunks of any length.
//
// Used by one thread. Owns the socket.
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>

#include "tools/server/application/http.hpp"

namespace lab::server {

class LimitedStream final : public httplib::Stream {
public:
  LimitedStream(socket_t socket, const Limits& limits);
  ~LimitedStream() override;
  LimitedStream(const LimitedStream&) = delete;
  LimitedStream& operator=(const LimitedStream&) = delete;

  // Waits for the first byte of a request; false: none came in idle_time, nor in drain_time since `stopping` was set,
  // or the connection is at its end.
  bool await_request(const std::atomic<bool>& stopping);

  // From here on what is read is a request's head, and from there on its body.
  void begin_request();
  void begin_body();

  // The status that a request over the limits is refused with; 0: it was within. Once it was over, reads fail and
  // writes are dropped, until refuse() sends the answer and lingers.
  int over() const { return over_; }
  // Whether what is written is sent: not before the head was understood, either.
  bool takes_answers() const { return over_ == 0 && in_body_; }
  void refuse(const Response& response);

  bool is_readable() const override;
  bool is_writable() const override;  // and that the client has not gone
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* from, size_t size) override;  // all of it, or -1
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

private:
  using Clock = std::chrono::steady_clock;

  bool fill();

  const socket_t socket_;
  const Limits& limits_;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what was received and not yet read
  std::size_t left_ = 0;             // bytes that the request may still have
  bool in_line_ = false;             // the request line is being read
  bool in_body_ = false;
  int over_ = 0;
  Clock::time_point deadline_;
};

}  // namespace lab::server
