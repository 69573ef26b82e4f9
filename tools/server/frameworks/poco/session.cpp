#include "tools/server/frameworks/poco/session.hpp"

#include <Poco/Exception.h>
#include <poll.h>

#include <algorithm>
#include <charconv>

#include "tools/server/frameworks/wait.hpp"

namespace lab::server {
namespace {

// Of a chunk's size and extensions, or of a field behind the last chunk; and of those fields, which nobody reads.
constexpr std::size_t line_bytes_max = 1024;
constexpr int trailers_max = 16;

}  // namespace

int TimedSocket::receiveBytes(void* buffer, int length, int flags) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  if (left.count() <= 0 || !wait_for(sockfd(), POLLIN, left)) throw Poco::TimeoutException();
  return StreamSocketImpl::receiveBytes(buffer, length, flags);
}

int Session::read_chunks(std::string& body, std::size_t bytes_max) {
  for (;;) {
    const auto head = read_line();
    if (!head) return 400;
    const char* const last = head->data() + head->size();
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(head->data(), last, size, 16);
    if (error != std::errc() || (end != last && *end != ';')) return 400;
    if (size == 0) break;
    if (size > bytes_max - body.size()) return 413;
    if (!read_bytes(body, size) || read_line() != "") return 400;
  }
  for (int i = 0; i < trailers_max; ++i) {
    const auto field = read_line();
    if (!field) return 400;
    if (field->empty()) return 0;
  }
  return 431;
}

// Without its end; none where the line is too long or cut off.
std::optional<std::string> Session::read_line() {
  std::string line;
  for (int byte = get(); line.size() < line_bytes_max && byte != std::char_traits<char>::eof(); byte = get()) {
    if (byte != '\n') {
      line += static_cast<char>(byte);
      continue;
    }
    if (line.empty() || line.back() != '\r') return std::nullopt;
    line.pop_back();
    return line;
  }
  return std::nullopt;
}

bool Session::read_bytes(std::string& body, std::size_t count) {
  std::size_t filled = body.size();
  body.resize(filled + count);
  while (filled < body.size()) {
    const int got = read(body.data() + filled, static_cast<std::streamsize>(body.size() - filled));
    if (got <= 0) return false;
    filled += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace lab::server
