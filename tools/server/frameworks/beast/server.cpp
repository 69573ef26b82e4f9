// Boost.Beast: asynchronous, each of a few threads with any number of connections. docs/guide/web-server-beast.md shows
// the files of this folder.
#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "tools/server/frameworks/beast/connection.hpp"
#include "tools/server/frameworks/frameworks.hpp"

namespace lab::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

// A handler blocks while its row is written, so there are more threads than processors.
constexpr unsigned threads_count = 16;

// [server]
class BeastServer final : public Server {
public:
  BeastServer(const ServerOptions& options, Handlers handlers)
      : shared_{options, std::move(handlers)}, acceptor_(accepting_.context), retry_(accepting_.context) {}
  ~BeastServer() override { stop(); }

  void listen() {  // throws boost::system::system_error
    const tcp::endpoint endpoint(asio::ip::make_address(shared_.options.address), shared_.options.port);
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
      shared_.stopping = true;
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

private:
  void accept() {
    if (!acceptor_.is_open()) return;
    // More wait until one has ended; but at the end all come in that the system has connected.
    const unsigned most =
        shared_.options.connections_max + (shared_.stopping ? tcp::acceptor::max_listen_connections : 0);
    for (; connected_ < most; ++connected_) {
      Loop& loop = loops_[next_++ % threads_count];
      LoopSocket socket(loop.context);
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
      const auto connection = std::make_shared<BeastConnection>(std::move(socket), loop, shared_, [this] { ended(); });
      asio::post(loop.context, [connection, &loop] {
        loop.connections.insert(connection);
        connection->await_request();
      });
    }
    full_ = true;
  }
  void ended() {  // of a connection, on its thread
    asio::post(accepting_.context, [this] {
      --connected_;
      if (std::exchange(full_, false)) accept();
    });
  }

  Shared shared_;
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

}  // namespace

Started serve_with_beast(const ServerOptions& options, Handlers handlers) {
  auto server = std::make_unique<BeastServer>(options, std::move(handlers));
  try {
    server->listen();
  } catch (const boost::system::system_error& error) {
    return tl::unexpected(cannot_listen(options, error.code().message()));
  }
  return server;
}

}  // namespace lab::server
