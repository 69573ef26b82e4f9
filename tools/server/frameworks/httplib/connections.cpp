#include "tools/server/frameworks/httplib/connections.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tools/server/frameworks/httplib/limited_stream.hpp"
#include "tools/server/frameworks/httplib/values.hpp"
#include "tools/server/frameworks/linger.hpp"
#include "tools/server/frameworks/wait.hpp"

namespace lab::server {
namespace {

// A thread is taken for as long as a connection lasts: after so many requests the client connects anew, behind those
// who wait.
constexpr int requests_max = 1000;

// What this thread reads a request from, and whether the library gave that up; it would go on with what is left of it.
thread_local LimitedStream* reading = nullptr;
thread_local bool malformed = false;

}  // namespace

// [connections]
HttplibConnections::HttplibConnections(Shared& shared) : shared_(shared) {
  const Limits& limits = shared_.options.limits;
  set_keep_alive_max_count(requests_max);
  set_keep_alive_timeout(limits.idle_time.count());
  set_payload_max_length(limits.body_bytes_max);
  rehearse();  // before there are handlers, which would count it
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (frames_body(headers_of(request))) return HandlerResponse::Unhandled;
    send(shared_.handlers.refuse(400), response);
    return HandlerResponse::Handled;
  });
  set_error_handler([this](const httplib::Request&, httplib::Response& response) {
    if (!response.body.empty()) return;  // an answer of a handler's
    malformed = true;
    if (!reading->takes_answers()) return;  // it is refused below, in this one's place
    send(shared_.handlers.refuse(response.status), response);
    response.set_header("Connection", "close");
  });
  set_exception_handler([this](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
    send(shared_.handlers.refuse(500), response);
  });
}

// Takes one request before there are threads, so that what the library makes at its first use is made here.
void HttplibConnections::rehearse() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return;
  (void)!::write(ends[0], "NONE / HTTP/1.1\r\n\r\n", 19);
  (void)::shutdown(ends[0], SHUT_WR);
  LimitedStream stream(ends[1], shared_.options.limits);
  bool closing = false;
  stream.begin_request();
  (void)process_request(stream, true, closing, [](httplib::Request&) {});  // its answer is nobody's, and not counted
  (void)::close(ends[0]);
}

bool HttplibConnections::process_and_close_socket(socket_t socket) {
  LimitedStream stream(socket, shared_.options.limits);
  reading = &stream;
  for (int count = 1; stream.await_request(shared_.stopping); ++count) {
    const bool last = shared_.stopping || count == requests_max;
    bool closing = false, unread = false;
    malformed = false;
    stream.begin_request();
    const bool answered = process_request(stream, last, closing, [&](httplib::Request& request) {
      stream.begin_body();
      request.ranges.clear();                    // answers are whole
      request.headers.erase("Accept-Encoding");  // and plain
      const bool has_body = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
      if (!has_body) request.set_header("Content-Length", "0");  // the library would wait for the connection's end
      const bool no_read = request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
      if (!has_body || (no_read && frames_body(headers_of(request)))) return;
      unread = true;  // the library reads no body of these, and would take it for the next request
      request.headers.erase("Connection");
      request.set_header("Connection", "close");
    });
    const bool refused = stream.over() != 0;
    if (refused) {
      stream.refuse(shared_.handlers.refuse(stream.over()));
    } else if (unread || malformed) {
      linger(stream.socket());
    }
    if (!answered || closing || last || refused || unread || malformed) return answered;
  }
  return true;
}

void HttplibConnections::stop_accepting() {
  shared_.stopping = true;
  // Who has connected already is taken in first; but whoever goes on connecting does not keep the server up.
  for (int i = 0; i < 2000; ++i) {
    if (!wait_for(svr_sock_, POLLIN, std::chrono::milliseconds(0))) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  stop();
}
// [connections end]

}  // namespace lab::server
