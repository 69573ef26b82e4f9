// A request and an answer, in cpp-httplib's form and in that of the routes.
#pragma once

#include <httplib.h>

#include <utility>

#include "tools/server/application/http.hpp"

namespace lab::server {

// [values]
inline Headers headers_of(const httplib::Request& from) { return Headers(from.headers.begin(), from.headers.end()); }

inline Request request_of(const httplib::Request& from) {
  return {from.method, from.target, headers_of(from), from.body};
}

inline void send(Response from, httplib::Response& to) {
  to.status = from.status;
  to.body = std::move(from.body);
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
}
// [values end]

}  // namespace lab::server
