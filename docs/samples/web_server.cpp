// The quick start's framework integration, with cpp-httplib: a server on a loopback port that the system chooses,
// and a client that asks it.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <fmt/core.h>
#include <httplib.h>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "tools/server/application/json.hpp"

namespace {

using lab::server::to_json;

// [routes]
void reply(httplib::Response& response, const nlohmann::json& body) {
  // Names and metadata are any bytes, JSON is not: what is no UTF-8 is replaced.
  response.set_content(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "application/json");
}

void reply_error(httplib::Response& response, int status, lab::Error error) {
  response.status = status;
  response.set_content(std::string(lab::to_string(error)), "text/plain");
}

// The server keeps the manager alive. Its threads call the handlers at the same time.
void add_routes(httplib::Server& server, const std::shared_ptr<lab::SessionManager>& mgr) {
  server.Post("/login", [mgr](const httplib::Request& request, httplib::Response& response) {
    std::string user_id;
    std::string username;
    try {
      const auto credentials = nlohmann::json::parse(request.body);
      credentials.at("user_id").get_to(user_id);
      credentials.at("username").get_to(username);
    } catch (const nlohmann::json::exception&) {
      response.status = 400;
      return;
    }
    const auto session_id = mgr->create_session(user_id, username);
    if (!session_id) return reply_error(response, 500, session_id.error());
    reply(response, {{"session_id", session_id->str()}});
  });

  server.Get("/api/data", [mgr](const httplib::Request& request, httplib::Response& response) {
    const lab::SessionId session_id(request.get_header_value("Session-Id"));
    const auto session = mgr->get_session(session_id);
    if (!session) return reply_error(response, 401, session.error());
    if (!session->is_authenticated) {
      response.status = 401;
      return;
    }
    (void)mgr->increment_access(session_id);
    reply(response, to_json(*session));
  });
}
// [routes end]

// [serve]
// Serves from a thread of its own until it is destroyed.
class WebServer {
public:
  explicit WebServer(const std::shared_ptr<lab::SessionManager>& mgr) {
    add_routes(server_, mgr);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
  }
  ~WebServer() {
    while (!server_.is_running() && !ended_) std::this_thread::yield();  // stop() does nothing before that
    server_.stop();
    thread_.join();
  }
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  int port() const { return port_; }  // below 0 where the system gave none

private:
  httplib::Server server_;
  int port_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};
// [serve end]

std::shared_ptr<lab::SessionManager> manager() {
  return lab::make_session_manager({std::make_shared<lab::MemoryDatabase>(), std::make_shared<lab::SystemClock>(), {}})
      .value();
}

TEST_CASE("a web server answers login and data as the document says", "[docs]") {
  const auto mgr = manager();
  const WebServer server(mgr);
  REQUIRE(server.port() > 0);

  // [client]
  httplib::Client client("127.0.0.1", server.port());

  const auto login = client.Post("/login", R"({"user_id": "user_12345", "username": "alice"})", "application/json");
  REQUIRE(login);
  REQUIRE(login->status == 200);
  const std::string session_id = nlohmann::json::parse(login->body).at("session_id");

  const auto data = client.Get("/api/data", {{"Session-Id", session_id}});
  REQUIRE(data);
  REQUIRE(data->status == 200);
  const auto session = nlohmann::json::parse(data->body);
  fmt::print("{} is logged in, access_count {}\n", session.at("username").get<std::string>(),
             session.at("access_count").get<std::uint64_t>());
  // [client end]
  CHECK(session.size() == 8);
  CHECK(session.at("session_id") == session_id);
  CHECK(session.at("user_id") == "user_12345");
  CHECK(session.at("username") == "alice");
  CHECK(session.at("access_count") == 0);  // as it was before this access was counted
  CHECK(session.at("is_authenticated") == true);
  CHECK(session.at("metadata") == nlohmann::json::object());
  CHECK(session.at("login_time").get<std::int64_t>() > 0);
  CHECK(session.at("last_activity").get<std::int64_t>() >= session.at("login_time").get<std::int64_t>());
  CHECK(mgr->get_session(lab::SessionId(session_id)).value().access_count == 1);
}

TEST_CASE("a web server refuses data without an authenticated session", "[docs]") {
  const auto mgr = manager();
  const lab::SessionId revoked = mgr->create_session("user_12345", "alice").value();
  REQUIRE(mgr->set_authenticated(revoked, false).has_value());
  const WebServer server(mgr);
  REQUIRE(server.port() > 0);
  httplib::Client client("127.0.0.1", server.port());

  const auto no_header = client.Get("/api/data");
  REQUIRE(no_header);
  CHECK(no_header->status == 401);
  CHECK(no_header->body == "not_found");

  const auto unknown = client.Get("/api/data", {{"Session-Id", "no such session"}});
  REQUIRE(unknown);
  CHECK(unknown->status == 401);

  const auto not_authenticated = client.Get("/api/data", {{"Session-Id", revoked.str()}});
  REQUIRE(not_authenticated);
  CHECK(not_authenticated->status == 401);
  CHECK(mgr->get_session(revoked).value().access_count == 0);
}

TEST_CASE("a web server refuses a login that names nobody", "[docs]") {
  const WebServer server(manager());
  REQUIRE(server.port() > 0);
  httplib::Client client("127.0.0.1", server.port());

  const auto no_json = client.Post("/login", "alice", "application/json");
  REQUIRE(no_json);
  CHECK(no_json->status == 400);

  const auto empty_name = client.Post("/login", R"({"user_id": "user_12345", "username": ""})", "application/json");
  REQUIRE(empty_name);
  CHECK(empty_name->status == 500);
  CHECK(empty_name->body == "invalid_argument");
}

}  // namespace
