// Boost.Beast: asynchronous, each of a few threads with any number of connections. docs/guide/web-server-beast.md shows
// this file.
#include <array>
#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/linger.hpp"

namespace lab::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

// A handler blocks while its row is written, so there are more threads than processors.
constexpr unsigned threads_count = 16;

// [values]
Request request_of(http::request<http::string_body>&& from) {
  Request to{std::string(from.method_string()), std::string(from.target()), {}, std::move(from.body())};
  for (const auto& field : from) to.headers.emplace_back(field.name_string(), field.value());
  return to;
}

http::response<http::string_body> response_of(Response&& from, bool keep_alive, bool without_body) {
  http::response<http::string_body> to(static_cast<http::status>(from.status), 11, std::move(from.body));
  for (const auto& [name, value] : from.headers) to.insert(name, value);
  to.keep_alive(keep_alive);
  to.prepare_payload();
  if (without_body) to.body().clear();  // an answer to HEAD keeps the length
  return to;
}

int status_of(const beast::error_code& error) {
  return error == http::error::header_limit ? 431 : error == http::error::body_limit ? 413 : 400;
}
// [values end]

class BeastServer;
class Connection;

// [connection]
// A thread, and the connections that live on it. What happens to one of them happens there: it needs no lock.
struct Loop {
  asio::io_context context{1};  // one thread: there is no other to wake
  asio::executor_work_guard<asio::io_context::executor_type> open{context.get_executor()};  // run() goes on
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::thread thread{[this] { context.run(); }};
};

class Connection final : public std::enable_shared_from_this<Connection> {
public:
  Connection(Socket&& socket, Loop& loop, BeastServer& server)
      : socket_(std::move(socket)), timer_(loop.context, Clock::time_point::max()), loop_(loop), server_(server) {}
  void await_request();
  void hurry();  // the server stops

private:
  void read();
  void parse();
  void answer();
  void send(Response response, bool keep_alive, bool without_body);
  void linger(std::size_t bytes_max);
  void end();
  void expire_after(Clock::duration time);
  void watch();

  Socket socket_;
  asio::steady_timer timer_;
  Clock::time_point deadline_;  // the connection is closed then
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  Loop& loop_;
  BeastServer& server_;
  bool idle_ = false;
};
// [connection end]

// [server]
class BeastServer final : public Server {
public:
  BeastServer(const ServerOptions& options, Handler handler)
      : options_(options), handler_(std::move(handler)), acceptor_(accepting_.context), retry_(accepting_.context) {}
  ~BeastServer() override { stop(); }

  void listen() {  // throws boost::system::system_error
    const tcp::endpoint endpoint(asio::ip::make_address(options_.address), options_.port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    acceptor_.non_blocking(true);
    port_ = acceptor_.local_endpoint().port();
    asio::post(accepting_.context, [this] { accept(); });
  }
  std::uint16_t port() const override { return port_; }
  void stop() override {
    if (!accepting_.thread.joinable()) return;
    asio::post(accepting_.context, [this] {
      stopping_ = true;
      accept();  // who has connected already is taken in first
      beast::error_code ignored;
      acceptor_.close(ignored);
      retry_.cancel();
      for (Loop& loop : loops_) {
        asio::post(loop.context, [&loop] {
          for (const auto& connection : loop.connections) connection->hurry();
          loop.open.reset();
        });
      }
    });
    for (Loop& loop : loops_) loop.thread.join();  // each ends with the last of its connections
    accepting_.open.reset();
    accepting_.thread.join();
  }

  const ServerOptions& options() const { return options_; }
  const Handler& handler() const { return handler_; }
  bool is_stopping() const { return stopping_; }
  void ended() {
    asio::post(accepting_.context, [this] {
      --connected_;
      if (std::exchange(full_, false)) accept();
    });
  }

private:
  void accept() {
    if (!acceptor_.is_open()) return;
    // More wait until one has ended; but at the end all come in that the system has connected.
    const unsigned most = options_.connections_max + (stopping_ ? tcp::acceptor::max_listen_connections : 0);
    for (; connected_ < most; ++connected_) {
      Loop& loop = loops_[next_++ % threads_count];
      Socket socket(loop.context);
      beast::error_code error;
      acceptor_.accept(socket, error);
      const auto again = [this](const beast::error_code& ended) {
        if (!ended) accept();
      };
      if (error == asio::error::would_block) return acceptor_.async_wait(tcp::acceptor::wait_read, again);
      if (error) {  // the process has no descriptor left, say: not at once again
        retry_.expires_after(std::chrono::milliseconds(50));
        return retry_.async_wait(again);
      }
      socket.set_option(tcp::no_delay(true), error);
      const auto connection = std::make_shared<Connection>(std::move(socket), loop, *this);
      asio::post(loop.context, [connection, &loop] {
        loop.connections.insert(connection);
        connection->await_request();
      });
    }
    full_ = true;
  }

  const ServerOptions options_;
  const Handler handler_;
  std::atomic<bool> stopping_{false};
  std::array<Loop, threads_count> loops_;
  // On this one's thread alone:
  Loop accepting_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::size_t next_ = 0;
  unsigned connected_ = 0;
  bool full_ = false;

  std::uint16_t port_ = 0;
};
// [server end]

// [requests]
void Connection::await_request() {
  parser_.emplace();
  parser_->eager(true);  // the body as well
  parser_->header_limit(static_cast<std::uint32_t>(server_.options().limits.head_bytes_max));
  parser_->body_limit(server_.options().limits.body_bytes_max);
  idle_ = buffer_.size() == 0;
  if (idle_) {
    expire_after(server_.is_stopping() ? Clock::duration(drain_time) : server_.options().limits.idle_time);
    return read();
  }
  expire_after(server_.options().limits.request_time);  // sent along with the request before
  parse();
}

void Connection::hurry() {
  if (idle_) expire_after(drain_time);
}

void Connection::read() {
  socket_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                            if (error || !self->socket_.is_open()) return self->end();
                            self->buffer_.commit(bytes);
                            if (std::exchange(self->idle_, false))
                              self->expire_after(self->server_.options().limits.request_time);
                            self->parse();
                          });
}

void Connection::parse() {
  const bool had_head = parser_->is_header_done();
  beast::error_code error;
  while (!error && !parser_->is_done() && buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
  if (error && error != http::error::need_more) return send(refusal(status_of(error)), false, false);
  if (parser_->is_done()) return answer();
  if (had_head || !parser_->is_header_done() || !beast::iequals(parser_->get()[http::field::expect], "100-continue"))
    return read();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(go_on), [self = shared_from_this()](beast::error_code unsent, std::size_t) {
    return unsent ? self->end() : self->read();
  });
}

void Connection::answer() {
  auto request = parser_->release();
  const bool keep_alive = request.keep_alive(), without_body = request.method() == http::verb::head;
  const Request whole = request_of(std::move(request));
  if (!frames_body(whole.headers)) return send(refusal(400), false, without_body);
  send(server_.handler()(whole), keep_alive && !server_.is_stopping(), without_body);
}

void Connection::send(Response response, bool keep_alive, bool without_body) {
  response_ = response_of(std::move(response), keep_alive, without_body);
  expire_after(server_.options().limits.request_time);
  http::async_write(socket_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (error) return self->end();
    if (self->response_.keep_alive()) return self->await_request();
    self->socket_.shutdown(tcp::socket::shutdown_send, error);
    self->expire_after(linger_time);
    self->linger(linger_bytes_max);
  });
}

void Connection::linger(std::size_t bytes_max) {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(16384),
                          [self = shared_from_this(), bytes_max](beast::error_code error, std::size_t bytes) {
                            return error || bytes >= bytes_max ? self->end() : self->linger(bytes_max - bytes);
                          });
}

void Connection::end() {
  beast::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  loop_.connections.erase(shared_from_this());
  server_.ended();
}

// Each request moves the deadline away, and the wait that is there finds it moved. Only a nearer one needs another
// wait.
void Connection::expire_after(Clock::duration time) {
  deadline_ = Clock::now() + time;
  if (deadline_ < timer_.expiry()) watch();
}

void Connection::watch() {
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](beast::error_code error) {
    if (error || !self->socket_.is_open()) return;
    if (Clock::now() < self->deadline_) return self->watch();
    self->socket_.close(error);  // ends what is being read or written
  });
}
// [requests end]

}  // namespace

Started serve_with_beast(const ServerOptions& options, Handler handler) {
  auto server = std::make_unique<BeastServer>(options, std::move(handler));
  try {
    server->listen();
  } catch (const boost::system::system_error& error) {
    return tl::unexpected(cannot_listen(options, error.code().message()));
  }
  return server;
}

}  // namespace lab::server
