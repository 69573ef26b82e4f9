#include "tools/server/frameworks/beast/connection.hpp"

#include <boost/asio/write.hpp>
#include <string_view>

#include "tools/server/frameworks/linger.hpp"

namespace lab::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

// [requests]
void BeastConnection::await_request() {
  parser_.emplace();
  parser_->eager(true);  // the body as well
  parser_->header_limit(static_cast<std::uint32_t>(shared_.options.limits.head_bytes_max));
  parser_->body_limit(shared_.options.limits.body_bytes_max);
  idle_ = buffer_.size() == 0;
  if (idle_) {
    expire_after(shared_.stopping ? Clock::duration(drain_time) : shared_.options.limits.idle_time);
    return read();
  }
  expire_after(shared_.options.limits.request_time);  // sent along with the request before
  parse();
}

void BeastConnection::hurry() {
  if (idle_) expire_after(drain_time);
}

void BeastConnection::read() {
  socket_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                            if (error || !self->socket_.is_open()) return self->end();
                            self->buffer_.commit(bytes);
                            if (std::exchange(self->idle_, false))
                              self->expire_after(self->shared_.options.limits.request_time);
                            self->parse();
                          });
}

void BeastConnection::parse() {
  const bool had_head = parser_->is_header_done();
  beast::error_code error;
  while (!error && !parser_->is_done() && buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
  if (error && error != http::error::need_more) return send(shared_.handlers.refuse(status_of(error)), false, false);
  if (parser_->is_done()) return answer();
  if (had_head || !parser_->is_header_done() || !beast::iequals(parser_->get()[http::field::expect], "100-continue"))
    return read();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(go_on), [self = shared_from_this()](beast::error_code unsent, std::size_t) {
    return unsent ? self->end() : self->read();
  });
}

void BeastConnection::answer() {
  auto request = parser_->release();
  const bool keep_alive = request.keep_alive(), without_body = request.method() == http::verb::head;
  const Request whole = request_of(std::move(request));
  if (!frames_body(whole.headers)) return send(shared_.handlers.refuse(400), false, without_body);
  send(shared_.handlers.answer(whole), keep_alive && !shared_.stopping, without_body);
}

void BeastConnection::send(Response response, bool keep_alive, bool without_body) {
  response_ = response_of(std::move(response), keep_alive, without_body);
  expire_after(shared_.options.limits.request_time);
  http::async_write(socket_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (error) return self->end();
    if (self->response_.keep_alive()) return self->await_request();
    self->socket_.shutdown(tcp::socket::shutdown_send, error);
    self->expire_after(linger_time);
    self->linger(linger_bytes_max);
  });
}

void BeastConnection::linger(std::size_t bytes_max) {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(16384),
                          [self = shared_from_this(), bytes_max](beast::error_code error, std::size_t bytes) {
                            return error || bytes >= bytes_max ? self->end() : self->linger(bytes_max - bytes);
                          });
}

void BeastConnection::end() {
  beast::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  loop_.connections.erase(shared_from_this());
  at_end_();
}

// Each request moves the deadline away, and the wait that is there finds it moved. Only a nearer one needs another
// wait.
void BeastConnection::expire_after(Clock::duration time) {
  deadline_ = Clock::now() + time;
  if (deadline_ < timer_.expiry()) watch();
}

void BeastConnection::watch() {
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](beast::error_code error) {
    if (error || !self->socket_.is_open()) return;
    if (Clock::now() < self->deadline_) return self->watch();
    self->socket_.close(error);  // ends what is being read or written
  });
}
// [requests end]

}  // namespace lab::server
