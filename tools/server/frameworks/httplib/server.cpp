// cpp-httplib: blocking, a thread for each connection. docs/guide/web-server-httplib.md shows this file.
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/httplib/limited_stream.hpp"
#include "tools/server/frameworks/linger.hpp"

namespace lab::server {
namespace {

// A thread is taken for as long as a connection lasts: after so many requests the client connects anew, behind those
// who wait.
constexpr int requests_max = 1000;

// Whether the library gave up the request that this thread reads; it would go on with what is left of it.
thread_local bool malformed = false;

// [values]
Headers headers_of(const httplib::Request& from) { return Headers(from.headers.begin(), from.headers.end()); }

Request request_of(const httplib::Request& from) { return {from.method, from.target, headers_of(from), from.body}; }

void send(Response from, httplib::Response& to) {
  to.status = from.status;
  to.body = std::move(from.body);
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
}
// [values end]

// [connections]
class Connections final : public httplib::Server {
public:
  explicit Connections(const Limits& limits) : limits_(limits) {}
  void stop_accepting() {
    stopping_ = true;
    // Who has connected already is taken in first; but whoever goes on connecting does not keep the server up.
    for (int i = 0; i < 2000; ++i) {
      pollfd waiting{svr_sock_, POLLIN, 0};
      if (::poll(&waiting, 1, 0) != 1) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop();
  }
  // The library's own queue has five places: whoever is the seventh to connect at once would wait for a second.
  bool lengthen_queue() { return ::listen(svr_sock_, SOMAXCONN) == 0; }
  // Takes one request before there are threads, so that what the library makes at its first use is made here.
  void rehearse() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return;
    (void)!::write(ends[0], "NONE / HTTP/1.1\r\n\r\n", 19);
    (void)::shutdown(ends[0], SHUT_WR);
    (void)process_and_close_socket(ends[1]);
    (void)::close(ends[0]);
  }

private:
  bool process_and_close_socket(socket_t socket) override {
    LimitedStream stream(socket, limits_);
    for (int count = 1; stream.await_request(stopping_); ++count) {
      const bool last = stopping_ || count == requests_max;
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
        stream.refuse();
      } else if (unread || malformed) {
        linger(stream.socket());
      }
      if (!answered || closing || last || refused || unread || malformed) return answered;
    }
    return true;
  }

  const Limits limits_;
  std::atomic<bool> stopping_{false};
};
// [connections end]

// [server]
class HttplibServer final : public Server {
public:
  HttplibServer(const ServerOptions& options, Handler handler, const Mount& mount)
      : handler_(std::move(handler)), server_(options.limits) {
    server_.new_task_queue = [threads = options.connections_max] { return new httplib::ThreadPool(threads); };
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(requests_max);
    server_.set_keep_alive_timeout(options.limits.idle_time.count());
    server_.set_payload_max_length(options.limits.body_bytes_max);
    server_.set_socket_options([](socket_t socket) {  // without the library's SO_REUSEPORT: a port is one server's
      const int yes = 1;
      (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    if (mount) mount(server_);
    const httplib::Server::Handler act = [this](const httplib::Request& request, httplib::Response& response) {
      send(handler_(request_of(request)), response);
    };
    const std::string every = "[^]*";
    server_.Get(every, act).Post(every, act).Put(every, act).Patch(every, act).Delete(every, act).Options(every, act);
    server_.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
      if (frames_body(headers_of(request))) return httplib::Server::HandlerResponse::Unhandled;
      send(refusal(400), response);
      return httplib::Server::HandlerResponse::Handled;
    });
    server_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (!response.body.empty()) return;  // an answer of the handler's
      malformed = true;
      send(refusal(response.status), response);
      response.set_header("Connection", "close");
    });
    server_.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) { send(refusal(500), response); });
    server_.rehearse();
    errno = 0;
    port_ = options.port == 0                                     ? server_.bind_to_any_port(options.address)
            : server_.bind_to_port(options.address, options.port) ? options.port
                                                                  : -1;
    if (port_ < 0 || !server_.lengthen_queue()) return;
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
    while (!server_.is_running() && !ended_) std::this_thread::yield();  // stop() has no effect before that
  }
  ~HttplibServer() override { stop(); }

  bool listens() const { return thread_.joinable(); }
  std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }
  void stop() override {
    if (!thread_.joinable()) return;
    server_.stop_accepting();
    thread_.join();
  }

private:
  const Handler handler_;
  Connections server_;
  int port_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};
// [server end]

}  // namespace

Started serve_with_httplib(const ServerOptions& options, Handler handler, const Mount& mount) {
  auto server = std::make_unique<HttplibServer>(options, std::move(handler), mount);
  if (!server->listens()) return tl::unexpected(cannot_listen(options, std::strerror(errno)));
  return server;
}

}  // namespace lab::server
