// The web application under each of its frameworks, over fixed with a database in memory: eight connections, each
// asking one request after the other. And its routes without any.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "tools/server/application/application.hpp"
#include "tools/server/frameworks/frameworks.hpp"

namespace lab::bench {
namespace {

constexpr int connections = 8;
constexpr int requests = 200;  // of each connection, in an iteration

struct App {
  std::unique_ptr<SessionManager> manager =
      make_session_manager({std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), {}}).value();
  server::Application application{*manager, {}};
  std::vector<std::string> ids;

  App() {
    for (int i = 0; i < connections; ++i) ids.push_back(manager->create_session("user", "name").value().str());
  }
};

// Sends bytes that are made once, and looks at no more of an answer than where it ends: what is measured is the server.
class Client {
public:
  Client(std::uint16_t port, const std::string& id)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        request_("POST /api/activity HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: " + id +
                 "\r\nContent-Length: 0\r\n\r\n"),
        port_(port) {
    connect();
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool ask() {
    if (::send(socket_, request_.data(), request_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request_.size()))
      return false;
    std::string answer;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (got <= 0) return false;
      answer.append(buffer.data(), static_cast<std::size_t>(got));
      const std::size_t end = answer.find("\r\n\r\n");
      const std::size_t length = answer.find("Content-Length: ");
      if (end == std::string::npos || length > end) continue;
      if (answer.size() < end + 4 + static_cast<std::size_t>(std::atoi(answer.c_str() + length + 16))) continue;
      if (!answer.starts_with("HTTP/1.1 200")) return false;
      return answer.find("Connection: close") > end || connect();
    }
  }

private:
  bool connect() {
    ::close(socket_);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    (void)::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  int socket_;
  const std::string request_;
  const std::uint16_t port_;
};

// Makes all requests of an iteration, on as many threads as there are connections; false: one went wrong.
template <class Ask>
bool ask_all(Ask ask) {
  std::atomic<bool> good{true};
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < requests; ++n)
        if (!ask(static_cast<std::size_t>(i))) good = false;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return good;
}

void serve(benchmark::State& state, const char* framework) {
  App app;
  const auto started = server::serve(framework, {}, app.application.handlers());
  if (!started) return state.SkipWithError(started.error().c_str());
  std::vector<std::unique_ptr<Client>> clients;
  for (const std::string& id : app.ids) clients.push_back(std::make_unique<Client>((*started)->port(), id));
  for (auto _ : state) {
    if (!ask_all([&](std::size_t i) { return clients[i]->ask(); })) {
      state.SkipWithError("a request was not answered with 200");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * connections * requests);
  clients.clear();
}

void http_httplib(benchmark::State& state) { serve(state, "httplib"); }
void http_beast(benchmark::State& state) { serve(state, "beast"); }
void http_poco(benchmark::State& state) { serve(state, "poco"); }
BENCHMARK(http_httplib)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(http_beast)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(http_poco)->UseRealTime()->Unit(benchmark::kMillisecond);

void routes_alone(benchmark::State& state) {
  App app;
  for (auto _ : state) {
    const bool good = ask_all([&](std::size_t i) {
      return app.application.handle({"POST", "/api/activity", {{"X-Session-Id", app.ids[i]}}, ""}).status == 200;
    });
    if (!good) state.SkipWithError("a request was not answered with 200");
  }
  state.SetItemsProcessed(state.iterations() * connections * requests);
}
BENCHMARK(routes_alone)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lab::bench
