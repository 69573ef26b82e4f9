// One set of tests for the three frameworks, over `fixed`.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "tests/server/servers.hpp"

namespace lab::server::test {
namespace {

using nlohmann::json;

constexpr const char* json_type = "application/json";

std::string framework() {
  static const auto names = frameworks();
  return std::string(GENERATE(from_range(names)));
}

json parsed(const httplib::Result& result) { return json::parse(result->body); }

std::string log_in(httplib::Client& client, const std::string& user = "user1") {
  const auto login = client.Post("/login", credentials(user).dump(), json_type);
  REQUIRE(login);
  REQUIRE(login->status == 200);
  return parsed(login)["session_id"];
}

bool is_error(const httplib::Result& result, int status) {
  if (!result || result->status != status) return false;
  const json body = json::parse(result->body, nullptr, false);
  return result->get_header_value("Content-Type") == json_type && body.is_object() && body.contains("error") &&
         body["error"]["status"] == status && body["error"]["name"].is_string() && body["error"]["message"].is_string();
}

// While one lives this process can open nothing.
class NoDescriptors {
public:
  NoDescriptors() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit few = before_;
    few.rlim_cur = 1024;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (int taken = 0; (taken = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0;) taken_.push_back(taken);
  }
  ~NoDescriptors() {
    for (const int taken : taken_) (void)::close(taken);
    (void)::setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST_CASE("all three frameworks are in the build that is tested", "[server]") {
  CHECK(frameworks() == std::vector<std::string_view>{"httplib", "beast", "poco"});
}

TEST_CASE("a session is begun, read, changed and ended over HTTP", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  auto client = served.client();
  const std::string id = log_in(client);
  const httplib::Headers who = {{"X-Session-Id", id}};

  auto data = client.Get("/api/data", who);
  REQUIRE(data);
  REQUIRE(data->status == 200);
  CHECK(parsed(data).size() == 8);
  CHECK(parsed(data)["session_id"] == id);
  CHECK(parsed(data)["access_count"] == 0);  // as it was before this access was counted

  const auto changed = client.Post("/api/preferences", who, R"({"key": "theme", "value": "dark"})", json_type);
  REQUIRE(changed);
  CHECK(changed->status == 200);
  const auto put = client.Put("/api/preferences", who, R"({"key": "size", "value": "ü"})", json_type);
  REQUIRE(put);
  CHECK(put->status == 200);
  const auto counted = client.Post("/api/activity", who, "", json_type);
  REQUIRE(counted);
  CHECK(parsed(counted) == json{{"access_count", 4}});

  data = client.Get("/api/data", {{"Authorization", "Bearer " + id}});
  REQUIRE(data);
  CHECK(parsed(data)["metadata"] == json{{"theme", "dark"}, {"size", "ü"}});
  CHECK(parsed(data)["access_count"] == 4);
  data = client.Get("/api/data", {{"Cookie", "other=1; session_id=" + id}});
  REQUIRE(data);
  CHECK(parsed(data)["access_count"] == 5);

  const auto health = client.Get("/health");
  REQUIRE(health);
  CHECK(parsed(health) == json{{"active_sessions_reported", 1},
                               {"active_sessions_actual", 1},
                               {"discrepancy", 0},
                               {"cleanup_queue_size", 0},
                               {"memory_leak_detected", false}});
  const auto stats = client.Get("/stats");
  REQUIRE(stats);
  CHECK(parsed(stats)["total_sessions"] == 1);

  const auto logout = client.Post("/logout", who, "", json_type);
  REQUIRE(logout);
  CHECK(logout->status == 200);
  CHECK(is_error(client.Post("/logout", who, "", json_type), 401));
  CHECK(is_error(client.Get("/api/data", who), 401));
}

TEST_CASE("what is wrong is refused with its status and a JSON error, and the connection goes on", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  auto client = served.client();
  client.set_keep_alive(true);
  CHECK(is_error(client.Get("/api/data"), 401));
  CHECK(is_error(client.Get("/api/data", {{"X-Session-Id", "no such session"}}), 401));
  CHECK(is_error(client.Get("/nowhere"), 404));
  CHECK(is_error(client.Get("/login"), 405));
  CHECK(client.Get("/login")->get_header_value("Allow") == "POST");
  CHECK(is_error(client.Delete("/api/data"), 405));
  CHECK(is_error(client.Patch("/api/data", "x", "text/plain"), 405));
  CHECK(is_error(client.Options("/health"), 405));
  CHECK(is_error(client.Post("/login", "user", json_type), 400));
  CHECK(is_error(client.Post("/login", R"({"user_id": 1, "username": "a"})", json_type), 400));
  CHECK(is_error(client.Post("/login", R"({"user_id": "", "username": "a"})", json_type), 400));
  CHECK(is_error(client.Post("/login", credentials().dump(), "text/plain"), 415));
  CHECK(served.manager->get_active_count() == 0);
  const auto head = client.Head("/health");
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->body.empty());
  CHECK(client.Get("/health")->status == 200);
}

TEST_CASE("every answer says when it was made", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  auto client = served.client();
  for (const char* const path : {"/health", "/metrics", "/api/data", "/no-such"}) {
    CAPTURE(path);
    const std::time_t before = std::time(nullptr);
    const auto got = client.Get(path);
    REQUIRE(got);
    CHECK(got->get_header_value_count("Date") == 1);
    std::tm fields{};
    const std::string date = got->get_header_value("Date");
    const char* const end = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &fields);
    REQUIRE((end != nullptr && *end == '\0'));
    CHECK(::timegm(&fields) >= before);
    CHECK(::timegm(&fields) <= std::time(nullptr));
  }
}

TEST_CASE("a request over the limits is refused with 413, 414 or 431", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const Limits limits;
  auto client = served.client();
  CHECK(is_error(client.Post("/login", std::string(limits.body_bytes_max + 1, ' '), json_type), 413));
  CHECK(is_error(client.Post("/login", std::string(10 * limits.body_bytes_max, ' '), json_type), 413));
  CHECK(is_error(client.Get("/health", {{"X-Long", std::string(limits.head_bytes_max, 'x')}}), 431));
  httplib::Headers many;
  for (int i = 0; i < 1000; ++i) many.emplace(fmt::format("X-{}", i), "0123456789");
  CHECK(is_error(client.Get("/health", many), 431));
  const auto long_target = client.Get("/health?" + std::string(limits.head_bytes_max, 'x'));
  CHECK((is_error(long_target, 414) || is_error(long_target, 431)));  // Beast counts the line among the headers
  // In chunks nobody says how long it is.
  std::string chunked =
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i) chunked += "400\r\n" + std::string(1024, ' ') + "\r\n";
  CHECK(raw(served.server->port(), chunked + "0\r\n\r\n").starts_with("HTTP/1.1 413"));
  const auto just = client.Post(
      "/login", std::string(limits.body_bytes_max - credentials().dump().size(), ' ') + credentials().dump(),
      json_type);
  REQUIRE(just);
  CHECK(just->status == 200);
}

TEST_CASE("what a framework refuses is counted by its status", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  CHECK(raw(served.server->port(), "no HTTP\r\n\r\n", End::sent).starts_with("HTTP/1.1 400"));
  auto client = served.client();
  for (int i = 0; i < 2; ++i)
    CHECK(is_error(client.Post("/login", std::string(Limits().body_bytes_max + 1, ' '), json_type), 413));
  const auto metrics = client.Get("/metrics");
  REQUIRE(metrics);
  CHECK(metrics->body.find("lab_http_refusals_total{status=\"400\"} 1\n") != std::string::npos);
  CHECK(metrics->body.find("lab_http_refusals_total{status=\"413\"} 2\n") != std::string::npos);
  CHECK(metrics->body.find("lab_http_requests_total{") == std::string::npos);  // nothing reached a route before
}

// Closed with something unread, the system would break the connection off, and the answer with it.
TEST_CASE("a client that sends on gets its refusal whole", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const Wire wire(served.server->port());
  REQUIRE(wire.is_connected());
  wire.send("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n");
  // More than the system keeps: somebody has to read it.
  for (int i = 0; i < 40; ++i) REQUIRE(wire.send(std::string(100'000, ' ')));
  const std::optional<std::string> answer = wire.receive_to_end();  // the server makes it: this client makes none
  REQUIRE(answer.has_value());
  CHECK(answer->starts_with("HTTP/1.1 413"));
  CHECK(answer->ends_with("}}"));
  CHECK(served.client().Get("/health")->status == 200);
}

// This process is the clients and the server, so both lack descriptors.
TEST_CASE("a server that has no descriptor left takes in who waits as soon as it has one", "[server]") {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
  SKIP("UndefinedBehaviorSanitizer opens a pipe to look at an object, and reports the object if there is none");
#endif
#endif
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const std::string request = "GET /health HTTP/1.1\r\nHost: x\r\n";
  Wire first, second;
  {
    const NoDescriptors none;
    REQUIRE_FALSE(Wire(served.server->port()).is_connected());
    // The system connects them. An accept(2) that waited already has a descriptor for the first, which keeps it.
    REQUIRE(first.connect(served.server->port()));
    first.send(request + "\r\n");
    REQUIRE(second.connect(served.server->port()));
    second.send(request + "Connection: close\r\n\r\n");
    CHECK_FALSE(second.has_more(std::chrono::milliseconds(200)));
  }
  CHECK(first.has_more(std::chrono::seconds(10)));
  CHECK(second.receive().starts_with("HTTP/1.1 200"));
}

TEST_CASE("a request may come without a length, and a read with a body", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const std::string id = served.manager->create_session("user", "alice").value().str();
  const std::string end = "X-Session-Id: " + id + "\r\nConnection: close\r\n\r\n";
  CHECK(raw(served.server->port(), "POST /api/activity HTTP/1.1\r\nHost: x\r\n" + end).starts_with("HTTP/1.1 200"));
  CHECK(raw(served.server->port(), "OPTIONS /health HTTP/1.1\r\nHost: x\r\n" + end).starts_with("HTTP/1.1 405"));
  // The body is no request of its own.
  const std::string inner = "POST /api/activity HTTP/1.1\r\nX-Session-Id: " + id + "\r\n\r\n";
  const std::string outer = fmt::format("GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", inner.size());
  CHECK(raw(served.server->port(), outer + inner, End::sent).starts_with("HTTP/1.1 200"));
  CHECK(served.manager->get_session(SessionId(id)).value().access_count == 1);
}

TEST_CASE("what is no HTTP is refused with 400", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  for (const std::string bytes : {"hello\r\n\r\n", "GET /health HTTP/9.9\r\n\r\n", "GET\r\n\r\n"}) {
    const std::string answer = raw(served.server->port(), bytes);
    CAPTURE(bytes, answer);
    CHECK((answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.0 400")));
    CHECK(answer.find("\"error\"") != std::string::npos);
  }
}

// What follows is no request of its own: a proxy in front that reads it otherwise would pass on what it has not
// checked.
TEST_CASE("a body whose end is in doubt is refused with 400, and the connection ends", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const std::string id = served.manager->create_session("user", "alice").value().str();
  const std::string inner = "POST /api/activity HTTP/1.1\r\nHost: x\r\nX-Session-Id: " + id + "\r\n\r\n";
  for (const std::string& fields : std::vector<std::string>{
           "Content-Length: x\r\n\r\n",
           "Content-Length: -1\r\n\r\n",
           "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
           "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: gzip\r\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\nx\r\n",
           "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n-1\r\n",
           "Transfer-Encoding: chunked\r\n\r\n\r\n",
       }) {
    for (const std::string method : {"POST", "GET"}) {
      // cpp-httplib reads no body of a GET; it answers, and ends the connection
      const bool is_unread =
          method == "GET" && name == "httplib" && fields.starts_with("Transfer-Encoding: chunked\r\n\r\n");
      const std::string answer =
          raw(served.server->port(),
              method + " /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + fields + inner);
      CAPTURE(method, fields, answer);
      CHECK(answer.starts_with(is_unread ? "HTTP/1.1 405" : "HTTP/1.1 400"));
      CHECK(answer.find("\"error\"") != std::string::npos);
      CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
    }
  }
  CHECK(served.manager->get_session(SessionId(id)).value().access_count == 0);
}

TEST_CASE("a body in chunks that is cut off reaches no handler", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const std::string head =
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = credentials().dump();
  const std::string chunk = fmt::format("{:x}\r\n{}\r\n", body.size(), body);
  for (const std::string& cut : {chunk, chunk + "0\r\n", chunk.substr(0, 20)}) {
    const std::string answer = raw(served.server->port(), head + cut, End::sent);
    CAPTURE(cut, answer);
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 400")));
  }
  CHECK(served.manager->get_active_count() == 0);
  const std::string close = "POST /login HTTP/1.1\r\nConnection: close\r\n" + head.substr(head.find("Host"));
  CHECK(raw(served.server->port(), close + chunk + "0\r\n\r\n").starts_with("HTTP/1.1 200"));
  CHECK(served.manager->get_active_count() == 1);
}

TEST_CASE("an answer to HEAD has the length of GET's and no body, and HTTP/1.0 ends its connection", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const auto length = [](const std::string& answer) {
    const std::size_t begin = answer.find("Content-Length: ");
    return begin == std::string::npos ? "" : answer.substr(begin, answer.find('\r', begin) - begin);
  };
  const std::string end = " /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string get = raw(served.server->port(), "GET" + end), head = raw(served.server->port(), "HEAD" + end);
  CAPTURE(get, head);
  CHECK(length(get) != "");
  CHECK(length(head) == length(get));
  CHECK(head.ends_with("\r\n\r\n"));
  const std::string old = raw(served.server->port(), "GET /health HTTP/1.0\r\n\r\n");
  CAPTURE(old);
  CHECK(old.starts_with("HTTP/1."));
  CHECK(old.substr(8, 5) == " 200 ");
  CHECK(length(old) == length(get));
}

// Each is slower than the limit, and none is told apart by how much: the server ends the connection, not the client.
TEST_CASE("a request that takes too long to arrive ends with 408 or without an answer", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  ApplicationOptions options;
  options.limits.request_time = std::chrono::seconds(1);
  Served served(name, options);
  const std::string head = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  for (const std::string& begun : {std::string("POST /lo"), head + "Content-Length: 20\r\n\r\n{",
                                   head + "Transfer-Encoding: chunked\r\n\r\nfff\r\n{"}) {
    const Wire wire(served.server->port());
    wire.send(begun);
    std::atomic<bool> ended{false};
    std::thread dripping([&] {  // a byte now and then, so that no single read takes long
      for (int i = 0; i < 600 && !ended; ++i) {
        wire.send("1");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
    const auto asked = std::chrono::steady_clock::now();
    const std::string answer = wire.receive();
    ended = true;
    dripping.join();
    CAPTURE(begun, answer);
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 408")));
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(50));
  }
  CHECK(served.manager->get_active_count() == 0);
}

TEST_CASE("random bytes end no server", "[server][random]") {
  const std::string name = framework();
  CAPTURE(name);
  ApplicationOptions options;
  options.limits.request_time = options.limits.idle_time = std::chrono::seconds(1);
  Served served(name, options);
  std::mt19937 random(20'261'128);
  const std::string begin =
      "POST /login HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 20\r\n\r\n";
  for (int i = 0; i < 60; ++i) {
    std::string bytes = begin;
    for (int change = 0; change < 8; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes += "\r\n\r\n                    ";
    (void)raw(served.server->port(), bytes, End::sent);
  }
  CHECK(served.client().Get("/health")->status == 200);
}

// Clients at once, each with connections of its own; what each met that it should not have.
template <class Act>
void at_once(int clients, Act act) {
  std::barrier start(clients);
  std::vector<std::string> trouble(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      trouble[static_cast<std::size_t>(i)] = act(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& words : trouble) CHECK(words == "");
}

TEST_CASE("ten clients lose none of their updates, and no two get the same count", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  auto client = served.client();
  const httplib::Headers who = {{"X-Session-Id", log_in(client)}};
  constexpr int clients = 10, updates = 30;
  std::vector<std::vector<std::uint64_t>> counts(clients);
  at_once(clients, [&](int number) -> std::string {
    auto own = served.client();
    own.set_keep_alive(true);
    for (int i = 0; i < updates; ++i) {
      const json body = {{"key", fmt::format("{}_{}", number, i)}, {"value", "v"}};
      const auto updated = own.Post("/api/preferences", who, body.dump(), json_type);
      if (!updated || updated->status != 200) return updated ? updated->body : httplib::to_string(updated.error());
      const auto counted = own.Post("/api/activity", who, "", json_type);
      if (!counted || counted->status != 200) return counted ? counted->body : httplib::to_string(counted.error());
      counts[static_cast<std::size_t>(number)].push_back(parsed(counted)["access_count"]);
    }
    return "";
  });
  const auto data = client.Get("/api/data", who);
  CHECK(parsed(data)["metadata"].size() == clients * updates);
  CHECK(parsed(data)["access_count"] == 2 * clients * updates);
  std::set<std::uint64_t> distinct;
  for (const auto& own : counts) distinct.insert(own.begin(), own.end());
  CHECK(distinct.size() == clients * updates);
}

TEST_CASE("a server that stops answers every request that it was sent by clients it had", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  const std::uint16_t port = served.server->port();
  const SessionId id = served.manager->create_session("user", "alice").value();
  constexpr int clients = 8;
  std::atomic<int> busy{0};
  std::atomic<std::uint64_t> acknowledged{0};
  std::thread stopper([&] {
    while (busy < clients) std::this_thread::yield();
    served.server->stop();
  });
  at_once(clients, [&](int) -> std::string {
    httplib::Client own("127.0.0.1", port);
    own.set_keep_alive(true);
    own.set_tcp_nodelay(true);
    bool first = true;
    for (;;) {
      const auto counted = own.Post("/api/activity", {{"X-Session-Id", id.str()}}, "", json_type);
      if (!counted) return "a request was lost: " + httplib::to_string(counted.error());
      if (counted->status != 200) return counted->body;
      ++acknowledged;
      if (std::exchange(first, false)) ++busy;
      if (counted->get_header_value("Connection") == "close") return "";
    }
  });
  stopper.join();
  CHECK(served.manager->get_session(id).value().access_count == acknowledged);
  CHECK_FALSE(httplib::Client("127.0.0.1", port).Get("/health"));
  served.server->stop();  // once more has no effect
}

// Whether all of an answer with 200 is there, its body being `body`.
bool is_whole(const std::string& answer, const std::string& body) {
  return answer.starts_with("HTTP/1.1 200") &&
         answer.find(fmt::format("Content-Length: {}\r\n", body.size())) != std::string::npos &&
         answer.ends_with("\r\n\r\n" + body);
}

// More than the server has threads for have connected and asked before it is told to stop, and others connect
// meanwhile. These it may take in or not: one that the system connects in the instant in which the server stops
// listening finds its connection reset. But what has reached the handler is answered, and nobody gets a part of an
// answer.
TEST_CASE("a server that stops answers everybody who has connected, and everything that it handled", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  constexpr int early = 100, crews = 4, late_each = 40;
  std::mutex mutex;
  std::set<std::string> handled;
  const auto body_of = [](const std::string& target) { return "answer to " + target; };
  const auto handle = [&](const Request& request) {
    const std::lock_guard lock(mutex);
    handled.insert(request.target);
    return Response{200, {}, body_of(request.target)};
  };
  auto started = serve(name, {}, {handle});
  REQUIRE(started);
  Server& server = **started;
  const std::uint16_t port = server.port();
  const auto ask = [&](const std::string& target) {
    Wire wire(port);
    if (wire.is_connected()) wire.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return wire;
  };

  std::vector<std::pair<std::string, Wire>> connected;
  for (int i = 0; i < early; ++i) {
    const std::string target = fmt::format("/early/{}", i);
    connected.emplace_back(target, ask(target));
    REQUIRE(connected.back().second.is_connected());
  }
  std::barrier start(crews + 1);
  std::vector<std::vector<std::pair<std::string, Wire>>> late(crews);
  std::vector<std::thread> threads;
  for (int crew = 0; crew < crews; ++crew) {
    threads.emplace_back([&, crew] {
      start.arrive_and_wait();
      for (int i = 0; i < late_each; ++i) {
        const std::string target = fmt::format("/late/{}/{}", crew, i);
        Wire wire = ask(target);
        if (!wire.is_connected()) return;  // refused, as all that come after
        late[static_cast<std::size_t>(crew)].emplace_back(target, std::move(wire));
      }
    });
  }
  start.arrive_and_wait();
  server.stop();
  for (std::thread& thread : threads) thread.join();

  std::set<std::string> answered;
  for (const auto& [target, wire] : connected) {
    CHECK(is_whole(wire.receive(), body_of(target)));
    answered.insert(target);
  }
  for (const auto& crew : late) {
    for (const auto& [target, wire] : crew) {
      const std::string answer = wire.receive();
      if (answer.empty()) continue;
      CHECK(is_whole(answer, body_of(target)));
      answered.insert(target);
    }
  }
  CHECK(handled == answered);
}

TEST_CASE("a port that is taken is refused in one sentence", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  Served served(name);
  ServerOptions options;
  options.port = served.server->port();
  const auto second = serve(name, options, {[](const Request&) { return Response{}; }});
  REQUIRE_FALSE(second);
  CHECK(second.error().starts_with(fmt::format("can't listen on 127.0.0.1 port {} (", options.port)));
  CHECK(second.error().ends_with("): choose another --port or --address, or end the program that has it"));
}

TEST_CASE("an unknown framework is refused", "[server]") {
  const auto none = serve("rocket", {}, {[](const Request&) { return Response{}; }});
  REQUIRE_FALSE(none);
  CHECK(none.error() == "there is no framework rocket in this build: choose one of httplib, beast, poco");
}

TEST_CASE("routes of the caller's come before the application's on cpp-httplib", "[server]") {
  App app;
  const auto server = serve("httplib", {}, app.application.handlers(), [](httplib::Server& routes) {
    routes.Get("/",
               [](const httplib::Request&, httplib::Response& response) { response.set_content("page", "text/html"); });
  });
  REQUIRE(server);
  httplib::Client client("127.0.0.1", (*server)->port());
  CHECK(client.Get("/")->body == "page");
  CHECK(is_error(client.Get("/other"), 404));
}

}  // namespace
}  // namespace lab::server::test
