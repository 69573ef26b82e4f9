// The programs that serve: killed, told to end, loaded by wrk, and made to lose updates.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <regex>
#include <thread>

#include "tests/server/program.hpp"
#include "tests/server/servers.hpp"
#include "tests/support/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::server::test {
namespace {

using lab::test::Folder;
using nlohmann::json;

constexpr const char* json_type = "application/json";
bool thorough() { return std::getenv("LAB_THOROUGH") != nullptr; }

std::string framework() {
  static const auto names = frameworks();
  return std::string(GENERATE(from_range(names)));
}

httplib::Client client_of(const Program& program) {
  httplib::Client client("127.0.0.1", program.port());
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(30);
  return client;
}

// Logs in and sets preferences until no answer comes; what was acknowledged.
struct Acknowledged {
  std::string id;
  std::uint64_t keys = 0;
  std::string trouble;  // an answer that is none of 200
  std::string lost;     // why no answer came to a request that a server in order may not lose
};

Acknowledged work(const Program& program, int number, std::atomic<int>& busy) {
  Acknowledged acknowledged;
  httplib::Client client = client_of(program);
  auto asked = std::chrono::steady_clock::now();
  const auto login = client.Post("/login", credentials(fmt::format("user{}", number)).dump(), json_type);
  if (!login) return acknowledged;
  acknowledged.id = json::parse(login->body)["session_id"];
  for (;;) {
    const auto asked_before = std::exchange(asked, std::chrono::steady_clock::now());
    const json body = {{"key", fmt::format("key{}", acknowledged.keys)}, {"value", "v"}};
    const auto result = client.Post("/api/preferences", {{"X-Session-Id", acknowledged.id}}, body.dump(), json_type);
    if (!result) {
      // A server that ends may close a connection only after an answer that says so, which returns below, or after it
      // was silent for drain_time; that it was only if as much has passed since the request before was sent. On a
      // machine so busy that it has, nothing can be said here; that the request was not handled is for the caller to
      // check.
      if (std::chrono::steady_clock::now() - asked_before < drain_time)
        acknowledged.lost = fmt::format("no answer to request {}: {}", acknowledged.keys, to_string(result.error()));
      return acknowledged;
    }
    if (result->status != 200) {
      acknowledged.trouble = result->body;
      return acknowledged;
    }
    if (++acknowledged.keys == 3) ++busy;
    if (result->get_header_value("Connection") == "close") return acknowledged;
  }
}

std::vector<Acknowledged> work_until(const Program& program, int clients, const std::function<void()>& end) {
  std::atomic<int> busy{0};
  std::vector<Acknowledged> all(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i)
    threads.emplace_back([&, i] { all[static_cast<std::size_t>(i)] = work(program, i, busy); });
  while (busy < clients) std::this_thread::yield();
  end();
  for (std::thread& thread : threads) thread.join();
  return all;
}

TEST_CASE("a server that is killed under load and started again has everything it acknowledged", "[server]") {
  const std::string name = framework();
  std::mt19937 random(20'261'128);
  for (int round = 0; round < (thorough() ? 20 : 3); ++round) {
    const Folder folder;
    std::vector<Acknowledged> all;
    {
      Program program(LAB_SERVE_FIXED, folder.file(), name);
      CAPTURE(name, round, program.said());
      REQUIRE(program.port() != 0);
      all = work_until(program, 6, [&] {
        // somewhere in its work; nothing is ordered by it
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        program.send(SIGKILL);
      });
      CHECK(program.wait() == 128 + SIGKILL);
    }
    Program again(LAB_SERVE_FIXED, folder.file(), name);
    CAPTURE(again.said());
    REQUIRE(again.port() != 0);
    httplib::Client client = client_of(again);
    for (const Acknowledged& one : all) {
      CHECK(one.trouble == "");
      const auto data = client.Get("/api/data", {{"X-Session-Id", one.id}});
      REQUIRE(data);
      REQUIRE(data->status == 200);
      const std::size_t keys = json::parse(data->body)["metadata"].size();
      CHECK(keys >= one.keys);
      CHECK(keys <= one.keys + 1);  // the one that was under way
    }
  }
}

TEST_CASE("a server that is told to end answers what it was asked, and ends with status 0", "[server]") {
  const std::string name = framework();
  const int signal = GENERATE(SIGTERM, SIGINT);
  CAPTURE(name, signal);
  const Folder folder;
  Program program(LAB_SERVE_FIXED, folder.file(), name);
  REQUIRE(program.port() != 0);
  const auto all = work_until(program, 6, [&] { program.send(signal); });
  const int status = program.wait();
  CAPTURE(program.said());
  CHECK(status == 0);
  Program again(LAB_SERVE_FIXED, folder.file(), name);
  httplib::Client client = client_of(again);
  for (const Acknowledged& one : all) {
    CHECK(one.trouble == "");
    CHECK(one.lost == "");
    const auto data = client.Get("/api/data", {{"X-Session-Id", one.id}});
    REQUIRE(data);
    CHECK(json::parse(data->body)["metadata"].size() == one.keys);  // nothing was done and not answered
  }
}

TEST_CASE("a server that can't serve says why and ends with status 3, or 2 for its options", "[server]") {
  const Folder folder;
  const auto ran = [&](std::vector<std::string> words) {
    words.insert(words.begin(), LAB_SERVE_FIXED);
    return process::run({.words = words, .limit = std::chrono::seconds(20)});
  };
  Program first(LAB_SERVE_FIXED, folder.file(), "httplib");
  auto result = ran({"--database", folder.file().string(), "--port", std::to_string(first.port())});
  CHECK(result.status == 3);
  CHECK(result.output.find("lab: can't listen on 127.0.0.1 port") == 0);
  result = ran({"--database", "/no/such/folder/file"});
  CHECK(result.status == 3);
  CHECK(result.output ==
        "lab: the sessions can't be read from /no/such/folder/file (database_unavailable): give another --database\n");
  result = ran({"--database", folder.file().string(), "--address", "example.org"});
  CHECK(result.status == 2);
  CHECK(result.output ==
        "lab: example.org is no IP address: give 127.0.0.1 for this machine alone, or 0.0.0.0 for all that can reach "
        "it\n");
  CHECK(ran({"--port", "70000"}).status == 2);
}

process::Ran lose(const Program& program) {
  return process::run(
      {.words = {LAB_LOSE_UPDATES, fmt::format("http://127.0.0.1:{}", program.port()), "--updates", "20"},
       .limit = std::chrono::seconds(60)});
}

TEST_CASE("the printed command loses updates on buggy and none on fixed", "[server]") {
  const std::string name = framework();
  CAPTURE(name);
  {
    const Folder folder;
    Program fixed(LAB_SERVE_FIXED, folder.file(), name);
    const process::Ran kept = lose(fixed);
    CAPTURE(kept.output);
    CHECK(kept.status == 0);
    CHECK(kept.output.find("Expected 200 keys, got: 200\n") != std::string::npos);
  }
  // ThreadSanitizer's reports on buggy are no news, and more than a pipe takes that nobody reads meanwhile.
  ::setenv("TSAN_OPTIONS", "report_bugs=0", 1);
  const Folder folder;
  Program buggy(LAB_SERVE_BUGGY, folder.file(), name, {"--name", "buggy"});
  CHECK(buggy.said().find(fmt::format("./lab serve --lose http://127.0.0.1:{}", buggy.port())) != std::string::npos);
  const process::Ran lost = lose(buggy);
  CAPTURE(lost.output);
  CHECK(lost.status == 1);
  CHECK(lost.output.find("Expected 200 keys, got: ") != std::string::npos);
}

TEST_CASE("the printed command says who does not answer", "[server]") {
  const process::Ran nobody = process::run({.words = {LAB_LOSE_UPDATES, "http://127.0.0.1:1"}});
  CHECK(nobody.status == 3);
  CHECK(nobody.output ==
        "lab: http://127.0.0.1:1 does not answer POST /login (Connection): start ./lab serve --impl buggy, and give "
        "the address that it prints\n");
}

TEST_CASE("under wrk no update is lost, no request fails and nothing leaks", "[server][wrk]") {
  if (!process::run({.words = {"wrk", "-v"}}).started) SKIP("wrk is not installed (Debian's package wrk)");
  const std::string name = framework();
  const Folder folder;
  Program program(LAB_SERVE_FIXED, folder.file(), name);
  CAPTURE(name, program.said());
  REQUIRE(program.port() != 0);
  httplib::Client client = client_of(program);
  const auto login = client.Post("/login", credentials().dump(), json_type);
  REQUIRE(login);
  const std::string id = json::parse(login->body)["session_id"];
  const auto script = folder.file().string() + ".lua";
  std::ofstream(script)
      << "wrk.method = 'POST'\n"
         "done = function(summary) io.write('failed ', summary.errors.connect + summary.errors.read + "
         "summary.errors.write + summary.errors.status + summary.errors.timeout, ' requests ', "
         "summary.requests, '\\n') end\n";
  const process::Ran ran =
      process::run({.words = {"wrk", "-t2", "-c16", thorough() ? "-d10" : "-d2", "-H", "X-Session-Id: " + id, "-s",
                              script, fmt::format("http://127.0.0.1:{}/api/activity", program.port())},
                    .limit = std::chrono::seconds(60)});
  CAPTURE(ran.output);
  REQUIRE(ran.ok());
  std::smatch match;
  REQUIRE(std::regex_search(ran.output, match, std::regex("failed (\\d+) requests (\\d+)")));
  CHECK(match[1] == "0");
  // What wrk gave up at its end may have been counted: one for each of its connections at most.
  const auto acknowledged = std::stoull(match[2]);
  const auto data = client.Get("/api/data", {{"X-Session-Id", id}});
  REQUIRE(data);
  const std::uint64_t counted = json::parse(data->body)["access_count"];
  CHECK(acknowledged > 0);
  CHECK(counted >= acknowledged);
  CHECK(counted <= acknowledged + 16);
  const auto health = client.Get("/health");
  REQUIRE(health);
  CHECK(json::parse(health->body)["discrepancy"] == 0);
  program.send(SIGTERM);
  CHECK(program.wait() == 0);  // a sanitizer that found a leak or a race would make it another
}

}  // namespace
}  // namespace lab::server::test
