// cpp-httplib: blocking, a thread for each connection. docs/guide/web-server-httplib.md shows the files of this folder.
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/httplib/connections.hpp"
#include "tools/server/frameworks/httplib/values.hpp"

namespace lab::server {
namespace {

// [server]
class HttplibServer final : public Server {
public:
  HttplibServer(const ServerOptions& options, Handlers handlers, const Mount& mount)
      : shared_{options, std::move(handlers)}, server_(shared_) {
    server_.new_task_queue = [threads = options.connections_max] { return new httplib::ThreadPool(threads); };
    server_.set_tcp_nodelay(true);
    server_.set_socket_options([](socket_t socket) {  // without the library's SO_REUSEPORT: a port is one server's
      const int yes = 1;
      (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    if (mount) mount(server_);
    const httplib::Server::Handler act = [this](const httplib::Request& request, httplib::Response& response) {
      send(shared_.handlers.answer(request_of(request)), response);
    };
    const std::string every = "[^]*";
    server_.Get(every, act).Post(every, act).Put(every, act).Patch(every, act).Delete(every, act).Options(every, act);
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
  Shared shared_;
  HttplibConnections server_;
  int port_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};
// [server end]

}  // namespace

Started serve_with_httplib(const ServerOptions& options, Handlers handlers, const Mount& mount) {
  auto server = std::make_unique<HttplibServer>(options, std::move(handlers), mount);
  if (!server->listens()) return tl::unexpected(cannot_listen(options, std::strerror(errno)));
  return server;
}

}  // namespace lab::server
