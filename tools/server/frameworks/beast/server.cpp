// Boost.Beast: asynchronous, a few threads for any number of connections. docs/guide/web-server-beast.md shows this
// file.
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <optional>
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

// A handler blocks while its row is written, so there are more threads than processors.
constexpr unsigned threads_count = 16;

// [values]
Request request_of(http::request<http::string_body>&& from) {
  Request to{std::string(from.method_string()), std::string(from.target()), {}, std::move(from.body())};
  for (const auto& field : from) to.headers.emplace_back(field.name_string(), field.value());
  return to;
}

http::response<http::string_body> response_of(Response&& from, unsigned version, bool keep_alive, bool without_body) {
  http::response<http::string_body> to(static_cast<http::status>(from.status), version, std::move(from.body));
  for (const auto& [name, value] : from.headers) to.insert(name, value);
  to.keep_alive(keep_alive);
  to.prepare_payload();
  if (without_body) to.body().clear();  // an answer to HEAD keeps the length
  return to;
}

int status_of(const beast::error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;  // the client has gone
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}
// [values end]

class BeastServer;

// [connection]
// Its functions run one after the other, on whichever thread: the stream's executor is a strand.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
  Connection(tcp::socket&& socket, BeastServer& server)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), server_(server) {}
  void start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->await_request(); });
  }
  void hurry();  // the server stops

private:
  void await_request();
  void read_request(const beast::error_code& error, std::size_t bytes);
  void answer(const beast::error_code& error);
  void send(Response response, bool keep_alive, bool without_body);
  void end();

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  BeastServer& server_;
  bool idle_ = false;
};
// [connection end]

// [server]
class BeastServer final : public Server {
public:
  BeastServer(const ServerOptions& options, Handler handler)
      : options_(options), handler_(std::move(handler)), acceptor_(asio::make_strand(context_)) {}
  ~BeastServer() override { stop(); }

  void listen() {  // throws boost::system::system_error
    const tcp::endpoint endpoint(asio::ip::make_address(options_.address), options_.port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    asio::dispatch(acceptor_.get_executor(), [this] { accept(); });
    for (unsigned i = 0; i < threads_count; ++i) threads_.emplace_back([this] { context_.run(); });
  }
  std::uint16_t port() const override { return port_; }
  void stop() override {
    asio::post(acceptor_.get_executor(), [this] {
      beast::error_code ignored;
      acceptor_.non_blocking(true, ignored);
      for (;;) {  // who has connected already is taken in first
        beast::error_code none;
        tcp::socket socket(asio::make_strand(context_));
        acceptor_.accept(socket, none);
        if (none) break;
        begin(std::move(socket));
      }
      acceptor_.close(ignored);
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const auto& connection : connections_) connection->hurry();
    });
    for (std::thread& thread : threads_) thread.join();  // they end when no connection is left
    threads_.clear();
  }

  const ServerOptions& options() const { return options_; }
  const Handler& handler() const { return handler_; }
  bool is_stopping() const { return stopping_; }
  void ended(const std::shared_ptr<Connection>& connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
    if (std::exchange(full_, false)) asio::post(acceptor_.get_executor(), [this] { accept(); });
  }

private:
  void accept() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept(asio::make_strand(context_), [this](const beast::error_code& error, tcp::socket socket) {
      if (!error) begin(std::move(socket));  // before all else: it may have connected just before the end
      if (!acceptor_.is_open()) return;
      {
        const std::lock_guard lock(mutex_);
        full_ = connections_.size() >= options_.connections_max;  // the next one waits until one has ended
        if (full_) return;
      }
      accept();
    });
  }
  void begin(tcp::socket&& socket) {
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection = std::make_shared<Connection>(std::move(socket), *this);
    {
      const std::lock_guard lock(mutex_);
      connections_.insert(connection);
    }
    connection->start();
  }

  const ServerOptions options_;
  const Handler handler_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // over the two below
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  bool full_ = false;
};
// [server end]

// [requests]
void Connection::await_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(server_.options().limits.head_bytes_max));
  parser_->body_limit(server_.options().limits.body_bytes_max);
  if (buffer_.size() > 0) return read_request({}, 0);
  idle_ = true;
  stream_.expires_after(server_.options().limits.idle_time);
  stream_.async_read_some(buffer_.prepare(4096),
                          beast::bind_front_handler(&Connection::read_request, shared_from_this()));
  if (server_.is_stopping()) hurry();
}

void Connection::hurry() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    self->timer_.expires_after(drain_time);
    self->timer_.async_wait([self](const beast::error_code& error) {
      if (!error && self->idle_) self->stream_.cancel();
    });
  });
}

void Connection::read_request(const beast::error_code& error, std::size_t bytes) {
  idle_ = false;
  timer_.cancel();
  if (error) return end();
  buffer_.commit(bytes);
  stream_.expires_after(server_.options().limits.request_time);
  http::async_read_header(
      stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code failed, std::size_t) {
        if (!failed && beast::iequals(self->parser_->get()[http::field::expect], "100-continue")) {
          const http::response<http::empty_body> go_on(http::status::continue_, 11);
          http::write(self->stream_, go_on, failed);
        }
        if (failed) return self->answer(failed);
        http::async_read(self->stream_, self->buffer_, *self->parser_,
                         [self](const beast::error_code& unread, std::size_t) { self->answer(unread); });
      });
}

void Connection::answer(const beast::error_code& error) {
  if (error) {
    const int status = status_of(error);
    return status == 0 ? end() : send(refusal(status), false, false);
  }
  auto request = parser_->release();
  const bool keep_alive = request.keep_alive(), without_body = request.method() == http::verb::head;
  Response response = server_.handler()(request_of(std::move(request)));
  send(std::move(response), keep_alive && !server_.is_stopping(), without_body);
}

void Connection::send(Response response, bool keep_alive, bool without_body) {
  response_ = response_of(std::move(response), 11, keep_alive, without_body);
  stream_.expires_after(server_.options().limits.request_time);
  http::async_write(stream_, response_, [self = shared_from_this()](const beast::error_code& error, std::size_t) {
    if (!error && self->response_.keep_alive()) return self->await_request();
    if (!error) linger(self->stream_.socket().native_handle());
    self->end();
  });
}

void Connection::end() {
  stream_.close();
  server_.ended(shared_from_this());
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
