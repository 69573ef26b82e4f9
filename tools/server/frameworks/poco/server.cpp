// POCO Net: blocking, a thread for each connection. docs/guide/web-server-poco.md shows the files of this folder.
#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerDispatcher.h>
#include <Poco/ThreadPool.h>
#include <poll.h>
#include <sys/socket.h>

#include <thread>
#include <utility>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/poco/connection.hpp"
#include "tools/server/frameworks/wait.hpp"

namespace lab::server {
namespace {

namespace net = Poco::Net;

// Who has connected and waits for a thread.
constexpr int queue_max = 1024;

// [server]
class Factory final : public net::TCPServerConnectionFactory {
public:
  Factory(const Shared& shared, net::HTTPServerParams::Ptr params) : shared_(shared), params_(std::move(params)) {}
  net::TCPServerConnection* createConnection(const net::StreamSocket& socket) override {
    return new PocoConnection(socket, shared_, params_);
  }

private:
  const Shared& shared_;
  net::HTTPServerParams::Ptr params_;
};

class PocoServer final : public Server {
public:
  PocoServer(const ServerOptions& options, Handlers handlers)  // throws Poco::Exception
      : shared_{options, std::move(handlers)}, pool_(1, static_cast<int>(options.connections_max)), socket_() {
    socket_.bind(net::SocketAddress(options.address, options.port), true, false);  // a port is one server's
    socket_.listen(queue_max);
    port_ = socket_.address().port();
    params_->setTimeout(Poco::Timespan(static_cast<long>(options.limits.request_time.count()), 0));
    params_->setMaxThreads(static_cast<int>(options.connections_max));
    params_->setMaxQueued(queue_max);
    params_->setThreadIdleTime(Poco::Timespan(
        std::chrono::microseconds(notice_time).count()));  // a thread without work may miss that the library stops
    dispatcher_ = new net::TCPServerDispatcher(new Factory(shared_, params_), pool_, params_);
    accepting_ = std::thread([this] { accept(); });
  }
  ~PocoServer() override { stop(); }

  std::uint16_t port() const override { return port_; }
  void stop() override {
    if (!accepting_.joinable()) return;
    shared_.stopping = true;
    accepting_.join();
    // Who waits for a thread gets one: the library forgets them when it stops, and does not say when there are none.
    while (dispatcher_->queuedConnections() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    dispatcher_->stop();
    pool_.joinAll();
    dispatcher_->release();
  }

private:
  void accept() {
    while (!shared_.stopping) (void)take_in(notice_time);
    // Who has connected already is taken in first: no more than the system has places for, so that whoever goes on
    // connecting does not keep the server up.
    for (int left = queue_max; left > 0 && take_in(std::chrono::milliseconds(0)); --left) {
    }
    socket_.close();
  }
  bool take_in(std::chrono::milliseconds wait) {
    if (!wait_for(socket_.impl()->sockfd(), POLLIN, wait)) return false;
    const int client = ::accept4(socket_.impl()->sockfd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) {
      dispatcher_->enqueue(net::StreamSocket(new TimedSocket(client)));
    } else {  // the client has gone, or the process has no descriptor left: not at once again
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
  }

  Shared shared_;
  net::HTTPServerParams::Ptr params_ = new net::HTTPServerParams;
  Poco::ThreadPool pool_;
  net::ServerSocket socket_;
  std::uint16_t port_ = 0;
  net::TCPServerDispatcher* dispatcher_ = nullptr;  // counts who holds it
  std::thread accepting_;
};
// [server end]

}  // namespace

Started serve_with_poco(const ServerOptions& options, Handlers handlers) {
  try {
    return std::make_unique<PocoServer>(options, std::move(handlers));
  } catch (const Poco::Exception& error) {
    return tl::unexpected(cannot_listen(options, error.displayText()));
  }
}

}  // namespace lab::server
