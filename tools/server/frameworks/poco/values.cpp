#include "tools/server/frameworks/poco/values.hpp"

#include <ostream>

namespace lab::server {

namespace net = Poco::Net;

// [values]
Request head_of(const net::HTTPServerRequest& from) {
  return {from.getMethod(), from.getURI(), Headers(from.begin(), from.end()), ""};
}

void send(const Response& from, net::HTTPServerResponse& to, bool without_body) {
  to.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(from.status));
  for (const auto& [name, value] : from.headers) to.add(name, value);
  to.setContentLength(static_cast<std::streamsize>(from.body.size()));
  std::ostream& out = to.send();
  if (!without_body) out << from.body;
  out.flush();
}

// The library says "invalid or too long" of a method and a target, which says neither.
int status_of(const net::MessageException& error) {
  const std::string& words = error.message();
  const bool large = words.find("Too many") != std::string::npos || words.find("value too long") != std::string::npos;
  return large ? 431 : 400;
}

// In the library's spelling, "Close", some clients don't know it.
void set_keep_alive(net::HTTPServerResponse& response, bool keep_alive) {
  response.set(net::HTTPMessage::CONNECTION, keep_alive ? "keep-alive" : "close");
}
// [values end]

}  // namespace lab::server
