#include "tools/server/frameworks/beast/values.hpp"

namespace lab::server {

namespace http = boost::beast::http;

// [values]
Request request_of(BeastRequest&& from) {
  Request to{std::string(from.method_string()), std::string(from.target()), {}, std::move(from.body())};
  for (const auto& field : from) to.headers.emplace_back(field.name_string(), field.value());
  return to;
}

BeastResponse response_of(Response&& from, bool keep_alive, bool without_body) {
  BeastResponse to(static_cast<http::status>(from.status), 11, std::move(from.body));
  for (const auto& [name, value] : from.headers) to.insert(name, value);
  to.keep_alive(keep_alive);
  to.prepare_payload();
  if (without_body) to.body().clear();  // an answer to HEAD keeps the length
  return to;
}

int status_of(const boost::beast::error_code& error) {
  return error == http::error::header_limit ? 431 : error == http::error::body_limit ? 413 : 400;
}
// [values end]

}  // namespace lab::server
