// A web application that is served: over a database in memory or in a file, on a port of its own, until the end of the
// scope.
#pragma once

#include <httplib.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "tools/server/application/application.hpp"
#include "tools/server/frameworks/frameworks.hpp"

namespace lab::server::test {

// The routes, without a server.
struct App {
  explicit App(ApplicationOptions options = {}, std::shared_ptr<Database> database = std::make_shared<MemoryDatabase>())
      : manager(make_session_manager({std::move(database), std::make_shared<SystemClock>(), {}}).value()),
        application(*manager, std::move(options)) {}

  const std::unique_ptr<SessionManager> manager;
  Application application;
};

struct Served : App {
  explicit Served(std::string_view framework, ApplicationOptions options = {},
                  std::shared_ptr<Database> database = std::make_shared<MemoryDatabase>())
      : App(options, std::move(database)) {
    ServerOptions where;
    where.limits = options.limits;
    auto started = serve(framework, where, application.handlers());
    if (!started) throw std::runtime_error(started.error());
    server = std::move(*started);
  }

  httplib::Client client() const {
    httplib::Client client("127.0.0.1", server->port());
    client.set_read_timeout(30);
    client.set_tcp_nodelay(true);
    return client;
  }

  std::unique_ptr<Server> server;
};

inline nlohmann::json credentials(const std::string& user = "user1", const std::string& name = "alice") {
  return {{"user_id", user}, {"username", name}};
}

// A connection as it is: bytes out, bytes in.
class Wire {
public:
  Wire();
  explicit Wire(std::uint16_t port) : Wire() { (void)connect(port); }
  ~Wire();
  Wire(Wire&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Wire& operator=(Wire&&) = delete;

  bool connect(std::uint16_t port);
  bool is_connected() const { return socket_ >= 0; }
  bool send(const std::string& bytes) const;              // whether all was taken
  void send_end() const;                                  // nothing more will be sent
  bool has_more(std::chrono::milliseconds within) const;  // or the end of the connection
  // What comes, up to the end of the connection; of a silent one, up to a minute.
  std::string receive() const { return receive_all().first; }
  // The same; none if the connection was broken off behind it.
  std::optional<std::string> receive_to_end() const;

private:
  std::pair<std::string, bool> receive_all() const;

  int socket_;
};

// Whether the client says that it has nothing more to send.
enum class End { open, sent };

// What the server sends to these bytes, read to the end of the connection.
std::string raw(std::uint16_t port, const std::string& bytes, End end = End::open);

}  // namespace lab::server::test
