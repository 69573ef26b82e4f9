// A connection as POCO reads it, with the two limits that the library has not: on the time that a whole request takes,
// and on what may pass for a body in chunks.
#pragma once

#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace lab::server {

// The library's own limit is one for each read: a client that sends a byte now and then would keep its thread for ever.
class TimedSocket final : public Poco::Net::StreamSocketImpl {
public:
  using StreamSocketImpl::StreamSocketImpl;
  void expire_after(std::chrono::steady_clock::duration time) { deadline_ = std::chrono::steady_clock::now() + time; }
  using SocketImpl::receiveBytes;
  int receiveBytes(void* buffer, int length, int flags) override;  // throws Poco::TimeoutException

private:
  std::chrono::steady_clock::time_point deadline_;
};

class Session final : public Poco::Net::HTTPServerSession {
public:
  using HTTPServerSession::HTTPServerSession;
  bool has_more() { return buffered() > 0; }  // sent along with the request before

  // Reads a body in chunks; 0, or the status with which it is refused. The library's own stream takes a malformed
  // chunk for the end of the body, and what follows for the next request.
  int read_chunks(std::string& body, std::size_t bytes_max);
  // Reads so many bytes; false: the connection ended before.
  bool read_bytes(std::string& body, std::size_t count);

private:
  std::optional<std::string> read_line();
};

}  // namespace lab::server
