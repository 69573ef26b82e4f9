// A connection of Boost.Beast's server: a loop of asynchronous steps, each of which names the one that follows.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_set>

#include "tools/server/frameworks/beast/values.hpp"
#include "tools/server/frameworks/shared.hpp"

namespace lab::server {

class BeastConnection;
using LoopSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// [connection]
// A thread, and the connections that live on it. What happens to one of them happens there: it needs no lock.
struct Loop {
  boost::asio::io_context context{1};  // one thread: there is no other to wake
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open{
      context.get_executor()};  // run() goes on
  LoopSocket first{context};  // never opened: with it the context opens what it needs, while there is something to open
  std::unordered_set<std::shared_ptr<BeastConnection>> connections;
  std::thread thread{[this] { context.run(); }};
};

class BeastConnection final : public std::enable_shared_from_this<BeastConnection> {
public:
  // `at_end` is called once, on the connection's thread, when it has ended.
  BeastConnection(LoopSocket&& socket, Loop& loop, const Shared& shared, std::function<void()> at_end)
      : socket_(std::move(socket)),
        timer_(loop.context, Clock::time_point::max()),
        loop_(loop),
        shared_(shared),
        at_end_(std::move(at_end)) {}
  void await_request();
  void hurry();  // the server stops

private:
  using Clock = std::chrono::steady_clock;

  void read();
  void parse();
  void answer();
  void send(Response response, bool keep_alive, bool without_body);
  void linger(std::size_t bytes_max);
  void end();
  void expire_after(Clock::duration time);
  void watch();

  LoopSocket socket_;
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_;  // the connection is closed then
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<BeastRequest::body_type>> parser_;
  BeastResponse response_;
  Loop& loop_;
  const Shared& shared_;
  const std::function<void()> at_end_;
  bool idle_ = false;
};
// [connection end]

}  // namespace lab::server
