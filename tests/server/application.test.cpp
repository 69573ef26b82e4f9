// The routes alone: who asks, what is refused, and what hostile input comes to.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <regex>
#include <sstream>

#include "tests/server/servers.hpp"
#include "tests/support/scripted_database.hpp"
#include "tools/server/application/credentials.hpp"

namespace lab::server::test {
namespace {

using nlohmann::json;
using Source = Credentials::Source;

Request post(const std::string& target, const json& body, Headers headers = {}) {
  headers.emplace_back("Content-Type", "application/json");
  return {"POST", target, std::move(headers), body.is_null() ? "" : body.dump()};
}

Request get(const std::string& target, Headers headers = {}) { return {"GET", target, std::move(headers), ""}; }

std::string header(const Response& response, std::string_view name) {
  const auto values = values_of(response.headers, name);
  return values.empty() ? "" : std::string(values.front());
}

std::string error_of(const Response& response) {
  return fmt::format("{} {}", response.status, json::parse(response.body)["error"]["name"].get<std::string>());
}

std::string log_in(App& app, const std::string& user = "user1", const Headers& headers = {}) {
  const Response response = app.application.handle(post("/login", credentials(user), headers));
  REQUIRE(response.status == 200);
  return json::parse(response.body)["session_id"];
}

TEST_CASE("credentials come from headers before cookies, and never from two ids", "[server]") {
  CHECK(credentials_of({}).source == Source::none);
  for (const Headers& headers : {Headers{{"Authorization", "Bearer abc"}}, Headers{{"authorization", "bearer   abc "}},
                                 Headers{{"X-Session-Id", "abc"}}, Headers{{"session-id", " abc"}},
                                 Headers{{"X-Session-Id", "abc"}, {"Session-Id", "abc"}},
                                 Headers{{"X-Session-Id", "abc"}, {"Cookie", "session_id=other"}}}) {
    CHECK(credentials_of(headers).source == Source::explicit_header);
    CHECK(credentials_of(headers).id.str() == "abc");
  }
  for (const char* const cookie : {"session_id=abc", "a=b; session_id=abc", " session_id = abc ;;=;x",
                                   "session_id=\"abc\"", "session_id=abc; session_id=abc"}) {
    CHECK(credentials_of({{"Cookie", cookie}}).source == Source::cookie);
    CHECK(credentials_of({{"Cookie", cookie}}).id.str() == "abc");
  }
  CHECK(credentials_of({{"Cookie", "xsession_id=abc; SESSION_ID=abc; session_id"}}).source == Source::none);
  CHECK(credentials_of({{"Cookie", "session_id=abc; session_id=abd"}}).source == Source::ambiguous);
  CHECK(credentials_of({{"Authorization", "Bearer abc"}, {"X-Session-Id", "abd"}}).source == Source::ambiguous);
  for (const char* const value : {"", "Bearer", "Bearer ", "Basic abc", "abc"})
    CHECK(credentials_of({{"Authorization", value}}).source == Source::malformed);
}

TEST_CASE("the cookie is closed to scripts and other sites, and is Secure where TLS is in front", "[server]") {
  App plain;
  const Headers by_tls = {{"X-Forwarded-Proto", "https"}};
  std::string cookie = header(plain.application.handle(post("/login", credentials())), "Set-Cookie");
  CHECK(std::regex_match(cookie, std::regex("session_id=[0-9a-f-]{36}; Path=/; HttpOnly; SameSite=Strict")));
  cookie = header(plain.application.handle(post("/login", credentials(), by_tls)), "Set-Cookie");
  CHECK(cookie.find("Secure") == std::string::npos);  // anybody can send that header

  ApplicationOptions options;
  options.trust_proxy = true;
  App behind(options);
  cookie = header(behind.application.handle(post("/login", credentials(), by_tls)), "Set-Cookie");
  CHECK(cookie.ends_with("; HttpOnly; SameSite=Strict; Secure"));
  cookie = header(behind.application.handle(post("/login", credentials(), {{"X-Forwarded-Proto", "https, http"}})),
                  "Set-Cookie");
  CHECK(cookie.find("Secure") == std::string::npos);
}

TEST_CASE("a login never keeps the id that it came with", "[server]") {
  App app;
  const std::string first = log_in(app);
  const Headers who = {{"X-Session-Id", first}};
  REQUIRE(app.application.handle(post("/api/preferences", {{"key", "theme"}, {"value", "dark"}}, who)).status == 200);

  const std::string second = log_in(app, "user1", who);
  CHECK(second != first);
  CHECK(error_of(app.application.handle(get("/api/data", who))) == "401 not_found");
  const json moved = json::parse(app.application.handle(get("/api/data", {{"X-Session-Id", second}})).body);
  CHECK(moved["metadata"] == json{{"theme", "dark"}});

  const std::string other = log_in(app, "user2", {{"Cookie", "session_id=" + second}});
  const json empty = json::parse(app.application.handle(get("/api/data", {{"X-Session-Id", other}})).body);
  CHECK(empty["metadata"] == json::object());  // nothing of one user's goes to another
  CHECK(app.manager->get_active_count() == 1);
  CHECK(log_in(app, "user2", {{"Cookie", "session_id=planted"}}) != "planted");
}

TEST_CASE("a session that is not authenticated any more is refused and changes nothing", "[server]") {
  App app;
  const std::string id = log_in(app);
  const Headers who = {{"Session-Id", id}};
  REQUIRE(app.manager->set_authenticated(SessionId(id), false));
  CHECK(error_of(app.application.handle(get("/api/data", who))) == "401 not_authenticated");
  CHECK(error_of(app.application.handle(post("/api/preferences", {{"key", "a"}, {"value", "b"}}, who))) ==
        "401 not_authenticated");
  CHECK(header(app.application.handle(post("/api/activity", nullptr, who)), "WWW-Authenticate") == "Bearer");
  CHECK(app.manager->get_session(SessionId(id)).value().access_count == 0);
}

TEST_CASE("a post that another site's form could make is refused", "[server]") {
  App app;
  const std::string id = log_in(app);
  for (const char* const target : {"/logout", "/api/activity", "/api/preferences"}) {
    CHECK(error_of(app.application.handle({"POST", target, {{"Cookie", "session_id=" + id}}, ""})) ==
          "415 unsupported_media_type");
    CHECK(error_of(app.application.handle(
              {"POST", target, {{"Cookie", "session_id=" + id}, {"Content-Type", "text/plain"}}, "{}"})) ==
          "415 unsupported_media_type");
  }
  CHECK(app.application.handle({"POST", "/api/activity", {{"Authorization", "Bearer " + id}}, ""}).status == 200);
  CHECK(app.application.handle(post("/logout", nullptr, {{"Cookie", "session_id=" + id}})).status == 200);
}

TEST_CASE("every refusal has its status and name", "[server]") {
  App app;
  const Headers who = {{"X-Session-Id", log_in(app)}};
  const auto refused = [&](Request request) { return error_of(app.application.handle(request)); };
  CHECK(refused(get("")) == "404 not_found");
  CHECK(refused(get("//health")) == "404 not_found");
  CHECK(refused(get("/health/")) == "404 not_found");
  CHECK(refused({"BREW", "/health", {}, ""}) == "405 method_not_allowed");
  CHECK(header(app.application.handle({"BREW", "/api/preferences", {}, ""}), "Allow") == "POST, PUT");
  CHECK(app.application.handle(get("/health?a=b")).status == 200);
  CHECK(refused({"POST", "/login", {{"Content-Type", "application/json"}}, "{"}) == "400 bad_json");
  CHECK(refused({"POST", "/login", {{"Content-Type", "application/json"}}, "\xff"}) == "400 bad_json");
  CHECK(refused(post("/login", json::array())) == "400 bad_json");
  CHECK(refused(post("/login", nullptr)) == "400 bad_json");
  CHECK(refused(post("/login", {{"user_id", "a"}})) == "400 bad_json");
  CHECK(refused(post("/login", credentials(""))) == "400 invalid_argument");
  CHECK(refused(post("/api/preferences", {{"key", ""}, {"value", "b"}}, who)) == "400 invalid_argument");
  CHECK(refused(post("/api/preferences", {{"key", std::string(257, 'k')}, {"value", ""}}, who)) ==
        "413 preference_too_large");
  CHECK(refused(post("/api/preferences", {{"key", "k"}, {"value", 1}}, who)) == "400 bad_json");
  CHECK(refused({"POST", "/login", {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}, "{}"}) ==
        "415 unsupported_media_type");
  CHECK(refused(get("/api/data", {{"Authorization", "Basic x"}})) == "400 bad_authorization");
  CHECK(refused(get("/api/data", {{"Cookie", "session_id=a;session_id=b"}})) == "400 ambiguous_session");
  CHECK(refused({"GET", "/health", {}, std::string(64 * 1024 + 1, ' ')}) == "413 body_too_large");
  CHECK(refused(get("/health", {{"X", std::string(8192, ' ')}})) == "431 headers_too_large");
  CHECK(refused(get("/" + std::string(8192, 'x'))) == "414 target_too_long");
}

TEST_CASE("what is somebody else's authorization matters only where a session is asked for", "[server]") {
  App app;
  const Headers proxy = {{"Authorization", "Basic dXNlcjpwYXNz"}, {"X-Session-Id", "a"}, {"Session-Id", "b"}};
  for (const char* const target : {"/health", "/metrics", "/stats"})
    CHECK(app.application.handle(get(target, proxy)).status == 200);
  CHECK(error_of(app.application.handle(get("/api/data", proxy))) == "400 bad_authorization");
}

TEST_CASE("a target may name the server", "[server]") {
  App app;
  CHECK(app.application.handle(get("http://localhost:8080/health")).status == 200);
  CHECK(app.application.handle(get("HTTP://host/health?a=http://b/c")).status == 200);
  for (const char* const target : {"http://host", "http:///", "http://host/nowhere", "ftp://host/health",
                                   "://host/health", "/x?http://host/health", "http:/health"})
    CHECK(error_of(app.application.handle(get(target))) == "404 not_found");
}

TEST_CASE("a body's end is in no doubt with one length of digits, with chunks, or with neither", "[server]") {
  CHECK(frames_body({}));
  CHECK(frames_body({{"content-length", "12"}}));
  CHECK(frames_body({{"transfer-encoding", "Chunked"}}));
  for (const char* const length : {"", "x", "-1", "+1", "1x", "1,1", " 1"})
    CHECK_FALSE(frames_body({{"Content-Length", length}}));
  for (const char* const coding : {"", "gzip", "gzip, chunked", "chunked, chunked", "xchunked"})
    CHECK_FALSE(frames_body({{"Transfer-Encoding", coding}}));
  CHECK_FALSE(frames_body({{"Content-Length", "1"}, {"Content-Length", "2"}}));
  CHECK_FALSE(frames_body({{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}));
}

TEST_CASE("a database in trouble is 503, and nothing has changed", "[server]") {
  const auto database = std::make_shared<lab::test::ScriptedDatabase>(std::make_shared<MemoryDatabase>());
  App app({}, database);
  const std::string id = log_in(app);
  const Headers who = {{"X-Session-Id", id}};
  database->before = [](lab::test::Call, const SessionId&) -> std::optional<Error> { return Error::database_failed; };
  CHECK(error_of(app.application.handle(post("/login", credentials()))) == "503 database_failed");
  CHECK(error_of(app.application.handle(get("/api/data", who))) == "503 database_failed");
  CHECK(error_of(app.application.handle(post("/api/activity", nullptr, who))) == "503 database_failed");
  CHECK(error_of(app.application.handle(post("/logout", nullptr, who))) == "503 database_failed");
  database->before = nullptr;
  CHECK(json::parse(app.application.handle(get("/api/data", who)).body)["access_count"] == 0);
  CHECK(app.manager->get_active_count() == 1);
}

// A parser of the text format, strict where the format is: the samples by name and labels, or "" and why.
struct Exposition {
  std::map<std::string, std::string> types;
  std::map<std::string, double> samples;
  std::string fault;
};

Exposition parse_metrics(const std::string& text) {
  static const std::regex comment("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  static const std::regex sample(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? (\S+))re");
  Exposition out;
  std::set<std::string> helped;
  if (text.empty() || text.back() != '\n') out.fault = "the text does not end with a line feed";
  std::istringstream lines(text);
  for (std::string line; out.fault.empty() && std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, comment)) {
      if (match[1] == "HELP" && !helped.insert(match[2]).second) out.fault = "a second HELP: " + line;
      if (match[1] == "TYPE" && !out.types.emplace(match[2], match[3]).second) out.fault = "a second TYPE: " + line;
      continue;
    }
    if (!std::regex_match(line, match, sample)) {
      out.fault = "no sample: " + line;
      continue;
    }
    const std::string family = std::regex_replace(match[1].str(), std::regex("_(bucket|sum|count)$"), "");
    const std::string typed = out.types.contains(match[1]) ? match[1].str() : family;
    if (!out.types.contains(typed) || !helped.contains(typed)) out.fault = "without HELP and TYPE before it: " + line;
    if (out.types[typed] == "counter" && !typed.ends_with("_total")) out.fault = "a counter that is no _total: " + line;
    if (!out.samples.emplace(match[1].str() + match[2].str(), std::stod(match[5])).second) out.fault = "twice: " + line;
  }
  return out;
}

TEST_CASE("the metrics are well-formed and count what happened", "[server]") {
  ApplicationOptions options;
  options.info = {"fi\"x\\ed", "none"};
  App app(options);
  const Headers who = {{"X-Session-Id", log_in(app)}};
  for (int i = 0; i < 3; ++i) (void)app.application.handle(get("/api/data", who));
  (void)app.application.handle(get("/nowhere"));
  CHECK(app.application.refuse(431).status == 431);
  const Response response = app.application.handle(get("/metrics"));
  CHECK(header(response, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const Exposition metrics = parse_metrics(response.body);
  REQUIRE(metrics.fault == "");
  CHECK(metrics.samples.at(R"(lab_build_info{implementation="fi\"x\\ed",framework="none"})") == 1);
  CHECK(metrics.samples.at("lab_sessions_reported") == 1);
  CHECK(metrics.samples.at("lab_sessions_actual") == 1);
  CHECK(metrics.samples.at("lab_cache_hits_total") == 3);
  CHECK(metrics.samples.at(R"(lab_http_requests_total{route="/api/data",status="200"})") == 3);
  CHECK(metrics.samples.at(R"(lab_http_requests_total{route="other",status="404"})") == 1);
  CHECK(metrics.samples.at(R"(lab_http_refusals_total{status="431"})") == 1);
  CHECK(metrics.samples.at(R"(lab_http_request_duration_seconds_count{route="/api/data"})") == 3);
  double before = 0;
  for (const double bound : RequestMetrics::bounds) {
    const double now = metrics.samples.at(
        fmt::format("lab_http_request_duration_seconds_bucket{{route=\"/api/data\",le=\"{}\"}}", bound));
    CHECK(now >= before);
    before = now;
  }
  CHECK(metrics.samples.at(R"(lab_http_request_duration_seconds_bucket{route="/api/data",le="+Inf"})") == 3);
}

TEST_CASE("the checker of metrics says what is wrong", "[server]") {
  CHECK(parse_metrics("a 1").fault == "the text does not end with a line feed");
  CHECK(parse_metrics("a 1\n").fault == "without HELP and TYPE before it: a 1");
  CHECK(parse_metrics("# HELP a x\n# TYPE a counter\na 1\n").fault == "a counter that is no _total: a 1");
  CHECK(parse_metrics("# HELP a x\n# TYPE a gauge\na 1\na 2\n").fault == "twice: a 2");
  CHECK(parse_metrics("a{b=c} 1\n").fault == "no sample: a{b=c} 1");
  CHECK(parse_metrics("# HELP a x\n# TYPE a gauge\na 1\n").fault == "");
}

TEST_CASE("random requests get an answer each, and none a session", "[server][random]") {
  App app;
  std::mt19937 random(20'261'128);
  const auto bytes = [&](std::size_t max) {
    std::string text(random() % max, ' ');
    for (char& c : text) c = static_cast<char>(random());
    return text;
  };
  const std::vector<std::string> methods = {"GET", "POST", "PUT", "HEAD"};
  const std::vector<std::string> targets = {"/login",        "/api/data", "/api/preferences",
                                            "/api/activity", "/logout",   "/metrics"};
  const std::vector<std::string> names = {"Authorization", "Cookie",       "X-Session-Id",
                                          "Session-Id",    "Content-Type", "X-Forwarded-Proto"};
  const std::vector<std::string> pieces = {
      "Bearer ", "session_id=", ";", "\"", "{\"user_id\":", "\"a\"", "[[[[", "}", "application/json", "\\u0000", "="};
  const auto text = [&] {
    std::string made;
    for (std::size_t i = random() % 8; i > 0; --i)
      made += random() % 3 == 0 ? bytes(20) : pieces[random() % pieces.size()];
    return made;
  };
  for (int i = 0; i < 20'000; ++i) {
    Request request{methods[random() % methods.size()], targets[random() % targets.size()], {}, text()};
    if (random() % 8 == 0) request.target = bytes(50);
    for (std::size_t n = random() % 4; n > 0; --n) request.headers.emplace_back(names[random() % names.size()], text());
    if (random() % 2 == 0) request.headers.emplace_back("Content-Type", "application/json");
    const Response response = app.application.handle(request);
    REQUIRE(response.status >= 200);
    REQUIRE(response.status < 500);
    if (request.target != "/metrics" || response.status != 200) REQUIRE(json::accept(response.body));
  }
  CHECK(app.manager->get_active_count() == 0);
}

TEST_CASE("a body of brackets alone is refused, however deep", "[server]") {
  App app;
  const Response response =
      app.application.handle({"POST", "/login", {{"Content-Type", "application/json"}}, std::string(64 * 1024, '[')});
  CHECK(error_of(response) == "400 bad_json");
  const std::string deep = std::string(32 * 1024, '[') + std::string(32 * 1024, ']');
  CHECK(error_of(app.application.handle({"POST", "/login", {{"Content-Type", "application/json"}}, deep})) ==
        "400 bad_json");
}

}  // namespace
}  // namespace lab::server::test
