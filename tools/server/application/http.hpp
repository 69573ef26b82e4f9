// A request and its answer, as the routes see them: no socket, no framework. Plain data.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab::server {

// In the order in which they came; a name may come more than once, and its case means nothing.
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // as it came: "GET"
  std::string target;  // as it came, query included: "/api/data?x=1"
  Headers headers;
  std::string body;
};

struct Response {
  int status = 200;
  Headers headers;  // without Content-Length and Connection, which are the framework's
  std::string body;
};

// What a request may take; whoever asks for more is refused, and nothing of it is kept. Checked while it is read; but
// of a head POCO checks each line and their number meanwhile, and the routes its length when it is whole.
struct Limits {
  std::size_t head_bytes_max = 8 * 1024;   // request line and headers: 431, or 414 where the line alone is longer
  std::size_t body_bytes_max = 64 * 1024;  // 413
  std::chrono::seconds request_time{10};   // from its first byte to its last: 408, or an end without an answer
  std::chrono::seconds idle_time{5};       // a connection kept open without a request is closed after this
};

// ASCII only, as field names and media types are.
std::string lower(std::string_view text);

// The values of a header, in their order.
std::vector<std::string_view> values_of(const Headers& headers, std::string_view name);

// Whether the headers leave no doubt where the body ends: one length, of digits, or chunks, or neither. What two
// readers end at different places, one of them takes for the next request.
bool frames_body(const Headers& headers);

// Whether a Content-Type is JSON's: "Application/JSON; charset=utf-8" is.
bool is_json(std::string_view content_type);

inline constexpr std::string_view json_type = "application/json";

// An answer that no cache stores, with the time of its making (RFC 9110, 6.6.1).
Response answer_with(int status, std::string_view content_type, std::string body);

// What every refusal looks like, a framework's own too: {"error": {"status": 404, "name": "…", "message": "…"}}.
Response refusal(int status, std::string_view name, std::string_view message);
// The same where there is nothing more to say than the status.
Response refusal(int status);

// What a server asks for its answers. Both are called by any number of threads at once, and throw nothing.
struct Handlers {
  std::function<Response(const Request&)> answer;
  // To a request that is over the limits, or no HTTP. It is asked once for each answer that is sent: it counts them.
  std::function<Response(int status)> refuse = [](int status) { return refusal(status); };
};

}  // namespace lab::server
