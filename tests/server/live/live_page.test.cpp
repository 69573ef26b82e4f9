// The live page's server, asked by a client.
#include "tools/server/live/live_page.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

using namespace lab;
using namespace lab::live;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// What a load program prints, for programs of the tests' own.
constexpr const char* line =
    R"({"sample":1,"seconds":0.2,"operations":9,"signs":{"counters":{"expected":4,"counted":4}},"latency":{}})";

class Served {
public:
  explicit Served(LiveOptions options) {
    server_->new_task_queue = [] { return new httplib::ThreadPool(12); };
    mount_live_page(*server_, std::move(options));
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] {
      server_->listen_after_bind();
      ended_ = true;
    });
  }
  ~Served() { end(); }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  void end() {
    if (!server_) return;
    while (!server_->is_running() && !ended_) std::this_thread::yield();
    server_->stop();
    thread_.join();
    server_.reset();
  }

  httplib::Client client() const {
    httplib::Client client("127.0.0.1", port_);
    client.set_read_timeout(30);
    return client;
  }
  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) const {
    return client().Get(path.c_str(), headers);
  }
  httplib::Result post(const std::string& path, const std::string& body, const httplib::Headers& headers = {}) const {
    return client().Post(path.c_str(), headers, body, "application/json");
  }
  json state() const { return json::parse(get("/live/state")->body); }

  // Asks again and again until the load is over.
  json finished() const {
    json now = state();
    while (now.at("running")) {
      std::this_thread::yield();
      now = state();
    }
    return now;
  }

private:
  std::unique_ptr<httplib::Server> server_ = std::make_unique<httplib::Server>();
  int port_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

// Shell scripts in the place of the load programs.
class Scripts {
public:
  fs::path write(const std::string& name, const std::string& commands) const {
    const fs::path path = folder_.path() / name;
    std::ofstream(path) << "#!/bin/sh\n" << commands << '\n';
    ::chmod(path.c_str(), 0700);
    return path;
  }
  fs::path file(const std::string& name) const { return folder_.path() / name; }

private:
  process::Folder folder_{"lab-live-scripts"};
};

LiveOptions options_of(fs::path buggy, fs::path fixed) {
  LiveOptions options;
  options.programs = {std::move(buggy), std::move(fixed)};
  options.root = LAB_ROOT;
  return options;
}

// A stream's text, read until `enough` says so or the server ends it.
std::string read_events(const Served& served, const std::function<bool(const std::string&)>& enough,
                        const httplib::Headers& headers = {}) {
  std::string text;
  served.client().Get("/live/events", headers, [&](const char* bytes, std::size_t size) {
    text.append(bytes, size);
    return !enough(text);
  });
  return text;
}

// As the application refuses, too.
std::string refusal(int status, const std::string& name, const std::string& message) {
  return json{{"error", {{"status", status}, {"name", name}, {"message", message}}}}.dump();
}

// Without the event that each stream begins with.
std::string after_state(const std::string& text) { return text.substr(text.find("id: ")); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string id_before(const std::string& text, const std::string& kind) {
  const std::size_t event = text.find("\nevent: " + kind);
  const std::size_t id = text.rfind("id: ", event) + 4;
  return text.substr(id, event - id);
}

// Whether a process is there and is more than a number that nobody has asked about.
bool lives(pid_t number) {
  std::ifstream file(fmt::format("/proc/{}/stat", number));
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.substr(name_end, 3) != ") Z";
}

pid_t number_in(const fs::path& file) {
  pid_t number = 0;
  while (!(std::ifstream(file) >> number)) std::this_thread::yield();
  return number;
}

void await_end_of(pid_t number) {
  while (lives(number)) std::this_thread::yield();
}

// Prints, and goes on until it is ended.
std::string endless(const fs::path& number_file) {
  return fmt::format("echo $$ > '{0}.new'; mv '{0}.new' '{0}'\necho '{1}'\nexec sleep 1000", number_file.string(),
                     line);
}

}  // namespace

TEST_CASE("the page and all that it needs come from this server, and nothing else may", "[live]") {
  const Served served(options_of("/none", "/none"));
  const auto page = served.get("/");
  REQUIRE(page);
  CHECK(page->status == 200);
  CHECK_THAT(page->body, ContainsSubstring("This server is for watching concurrency bugs happen."));
  CHECK_THAT(page->body, ContainsSubstring("<code>buggy</code> is buggy."));
  CHECK_THAT(page->body, !ContainsSubstring("http://"));
  CHECK_THAT(page->body, !ContainsSubstring("https://"));
  CHECK_THAT(page->body, !ContainsSubstring("style="));
  CHECK_THAT(page->body, !ContainsSubstring(" onclick"));
  CHECK_THAT(page->get_header_value("Content-Security-Policy"),
             ContainsSubstring("default-src 'none'; script-src 'self'"));
  CHECK(page->get_header_value("X-Content-Type-Options") == "nosniff");
  CHECK(served.get("/live/page.css")->get_header_value("Content-Type") == "text/css; charset=utf-8");
  for (const char* script : {"/live/page.js", "/live/chart.js"})
    CHECK(served.get(script)->get_header_value("Content-Type") == "text/javascript; charset=utf-8");
}

TEST_CASE("a load runs in both programs, and its events come in order", "[live]") {
  const Scripts scripts;
  const fs::path program = scripts.write("program", fmt::format("echo '{}'\necho \"$*\" >&2", line));
  const Served served(options_of(program, program));
  CHECK(served.state().at("verdict") == "No load has been started yet.");
  REQUIRE(served.post("/live/start", R"({"seconds": 7, "operations_per_second": 300, "threads": 2})")->status == 202);
  const std::string text = read_events(served, [](const std::string& read) { return has(read, "event: finished"); });
  CHECK(text.find("retry: 1000\n\nevent: state\ndata: {\"log\":\"") == 0);
  CHECK_THAT(text, ContainsSubstring(R"(event: started
data: {"operations_per_second":300,"seconds":7,"threads":2})"));
  CHECK_THAT(text, ContainsSubstring(R"("program":"buggy")"));
  CHECK_THAT(text, ContainsSubstring(R"("program":"fixed")"));
  CHECK(text.find("event: started") < text.find("event: sample"));
  CHECK(text.rfind("event: ended") < text.find("event: finished"));
  const json state = served.finished();
  CHECK(state.at("programs").at("buggy").at("state") == "time");
  CHECK(state.at("verdict") == "buggy: nothing lost in 9 operations. fixed: nothing lost in 9 operations.");
}

TEST_CASE("a viewer that comes back gets the rest, and one that comes late everything", "[live]") {
  const Scripts scripts;
  const fs::path program = scripts.write("program", fmt::format("echo '{}'", line));
  const Served served(options_of(program, program));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const auto over = [](const std::string& read) { return has(read, "event: finished"); };
  const std::string all = read_events(served, over);
  CHECK(has(all, R"("running":)"));
  CHECK(after_state(read_events(served, over)) == after_state(all));
  const std::string rest = read_events(served, over, {{"Last-Event-ID", id_before(all, "sample")}});
  CHECK_FALSE(has(rest, "event: started"));
  CHECK(has(all, after_state(rest)));
  CHECK(after_state(read_events(served, over, {{"Last-Event-ID", "0123abcd-7"}})) == after_state(all));
}

TEST_CASE("a second load is refused while one runs", "[live]") {
  const Scripts scripts;
  const Served served(options_of(scripts.write("b", endless(scripts.file("b.pid"))), scripts.write("f", "exit 0")));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const auto second = served.post("/live/start", "{}");
  CHECK(second->status == 409);
  CHECK(second->body == refusal(409, "already_running", "a load is running already: stop it, or wait for its end"));
  CHECK(served.post("/live/stop", "{}")->status == 202);
  served.finished();
  CHECK(served.post("/live/start", "{}")->status == 202);
}

TEST_CASE("what asks wrongly is refused and starts nothing", "[live]") {
  const Served served(options_of("/none", "/none"));
  CHECK(served.post("/live/start", R"({"threads": 99})")->status == 400);
  CHECK(served.post("/live/start", R"({"threads": 99})")->body ==
        refusal(400, "bad_request", "threads is to be a whole number from 2 to 8"));
  CHECK(served.post("/live/start", std::string(1'025, ' '))->status == 413);
  CHECK(served.post("/live/start", "{}", {{"Origin", "http://evil.example"}})->status == 403);
  CHECK(served.post("/live/stop", "{}", {{"Origin", "http://evil.example"}})->status == 403);
  CHECK(served.client().Post("/live/start", "seconds=1", "application/x-www-form-urlencoded")->status == 415);
  for (const char* path :
       {"/", "/live/state", "/live/events", "/live/page.js", "/exercises/01", "/read/docs/README.md"})
    CHECK(served.get(path, {{"Host", "evil.example"}})->status == 403);
  CHECK(served.state().at("verdict") == "No load has been started yet.");
}

TEST_CASE("more viewers than may are turned away, until one has gone", "[live]") {
  LiveOptions options = options_of("/none", "/none");
  options.viewers_max = 2;
  const Served served(options);
  std::atomic<bool> leave{false};
  std::atomic<int> watching{0};
  std::vector<std::thread> viewers;
  for (int i = 0; i < 2; ++i) {
    viewers.emplace_back([&] {
      bool counted = false;
      read_events(served, [&](const std::string&) {
        if (!counted) ++watching;
        counted = true;
        return leave.load();
      });
    });
  }
  while (watching < 2) std::this_thread::yield();
  const auto refused = served.get("/live/events");
  CHECK(refused->status == 503);
  CHECK(refused->body ==
        refusal(503, "unavailable", "as many pages as may are watching: close one of them, or read /live/state"));
  CHECK(served.get("/live/state")->status == 200);
  leave = true;
  for (std::thread& viewer : viewers) viewer.join();
  // Their places are free once the server has noticed that they are gone.
  std::string text;
  while (text.empty() || has(text, "error")) text = read_events(served, [](const std::string&) { return true; });
  CHECK(has(text, "retry: 1000"));
}

TEST_CASE("a program that dies is told of, and the other goes on", "[live]") {
  const Scripts scripts;
  const fs::path dying =
      scripts.write("b", fmt::format("echo '{}'\necho 'double free or corruption' >&2\nkill -ABRT $$", line));
  const fs::path going_on =
      scripts.write("f", fmt::format("while ! [ -e '{}' ]; do :; done\necho '{}'", scripts.file("go").string(), line));
  const Served served(options_of(dying, going_on));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const std::string text = read_events(served, [](const std::string& read) { return has(read, "event: ended"); });
  CHECK_THAT(
      text,
      ContainsSubstring(
          R"({"how":"crashed","program":"buggy","text":"crashed: signal 6 (Aborted); it said: double free or corruption"})"));
  CHECK(served.state().at("running") == true);
  std::ofstream(scripts.file("go")) << "go";
  const json state = served.finished();
  CHECK(state.at("programs").at("buggy").at("state") == "crashed");
  CHECK(state.at("programs").at("fixed").at("state") == "time");
  CHECK(state.at("verdict") ==
        "buggy crashed: signal 6 (Aborted); it said: double free or corruption. "
        "buggy: nothing lost in 9 operations. fixed: nothing lost in 9 operations.");
}

TEST_CASE("a program that is not there, or fails, is told of", "[live]") {
  const Scripts scripts;
  const Served served(options_of("/no/such/program", scripts.write("f", "echo 'out of memory' >&2\nexit 3")));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const json state = served.finished();
  CHECK(state.at("programs").at("buggy").at("text") == "could not be started: the program is not there; build it");
  CHECK(state.at("programs").at("fixed").at("text") == "ended with status 3; it said: out of memory");
}

TEST_CASE("stop ends programs, also one that does not heed it", "[live]") {
  const Scripts scripts;
  const fs::path deaf =
      scripts.write("f", fmt::format("trap '' TERM\necho $$ > '{0}.new'; mv '{0}.new' '{0}'\nwhile :; do sleep 1; done",
                                     scripts.file("f.pid").string()));
  const Served served(options_of(scripts.write("b", endless(scripts.file("b.pid"))), deaf));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const pid_t heeding = number_in(scripts.file("b.pid"));
  const pid_t not_heeding = number_in(scripts.file("f.pid"));
  REQUIRE(served.post("/live/stop", "{}")->status == 202);
  const json state = served.finished();
  CHECK(state.at("programs").at("buggy").at("state") == "stopped");
  CHECK(state.at("programs").at("fixed").at("state") == "stopped");
  CHECK_FALSE(lives(heeding));
  CHECK_FALSE(lives(not_heeding));
}

TEST_CASE("a server that ends ends its streams and its programs", "[live]") {
  const Scripts scripts;
  Served served(options_of(scripts.write("b", endless(scripts.file("b.pid"))),
                           scripts.write("f", endless(scripts.file("f.pid")))));
  REQUIRE(served.post("/live/start", "{}")->status == 202);
  const pid_t buggy = number_in(scripts.file("b.pid"));
  const pid_t fixed = number_in(scripts.file("f.pid"));
  std::atomic<bool> watching{false};
  std::thread viewer([&] {
    read_events(served, [&](const std::string&) {
      watching = true;
      return false;
    });
  });
  while (!watching) std::this_thread::yield();
  served.end();
  viewer.join();
  CHECK_FALSE(lives(buggy));
  CHECK_FALSE(lives(fixed));
}

TEST_CASE("programs die with a server that is killed", "[live]") {
  const Scripts scripts;
  const fs::path buggy = scripts.write("b", endless(scripts.file("b.pid")));
  const fs::path fixed = scripts.write("f", endless(scripts.file("f.pid")));
  process::Command command;
  command.words = {LAB_LIVE_PAGE, "--load-buggy", buggy.string(), "--load-fixed", fixed.string()};
  std::atomic<bool> kill{false};
  command.unwanted = [&] { return kill.load(); };
  command.limit = std::chrono::seconds(60);
  pid_t numbers[2] = {0, 0};
  std::thread asking;
  const process::Ran ran = process::run(command, [&](const std::string& url) {
    asking = std::thread([&, url] {
      httplib::Client client(url.substr(0, url.size() - 1));
      client.Post("/live/start", "{}", "application/json");
      numbers[0] = number_in(scripts.file("b.pid"));
      numbers[1] = number_in(scripts.file("f.pid"));
      kill = true;
    });
  });
  asking.join();
  CHECK(ran.cancelled);
  for (const pid_t number : numbers) await_end_of(number);
  SUCCEED("both have ended");
}

TEST_CASE("a link to an exercise leads to its page", "[live]") {
  const Served served(options_of("/none", "/none"));
  const auto link = served.get("/exercises/07");
  CHECK(link->status == 302);
  CHECK(link->get_header_value("Location") == "/read/exercises/07-random-logout/README.md");
  CHECK(served.get("/read/exercises/07-random-logout/README.md")->status == 200);
  CHECK(served.get("/exercises/13")->status == 404);
  CHECK(served.get("/read/docs/../../etc/passwd")->status == 404);
  CHECK(served.get("/read/docs/%2e%2e/%2e%2e/etc/passwd")->status == 404);
}

TEST_CASE("a stream begins with whether a load runs, under a name that no other server has", "[live]") {
  const Scripts scripts;
  const LiveOptions options =
      options_of(scripts.write("b", endless(scripts.file("b.pid"))), scripts.write("f", "exit 0"));
  const auto first_of = [](const Served& served) {
    const std::string text = read_events(served, [](const std::string& read) { return has(read, "}\n\n"); });
    const std::size_t data = text.find("data: ") + 6;
    return json::parse(text.substr(data, text.find('\n', data) - data));
  };
  const Served one(options), other(options);
  const json before = first_of(one);
  CHECK(before.at("running") == false);
  CHECK(first_of(other).at("log") != before.at("log"));
  REQUIRE(one.post("/live/start", "{}")->status == 202);
  CHECK(first_of(one) == json{{"log", before.at("log")}, {"running", true}});
}

TEST_CASE("a method that a path does not take is refused with those that it does", "[live]") {
  const Served served(options_of("/none", "/none"));
  for (const char* path : {"/live/start", "/live/stop"}) {
    const auto refused = served.get(path);
    CHECK(refused->status == 405);
    CHECK(refused->get_header_value("Allow") == "POST");
    CHECK(refused->body == refusal(405, "method_not_allowed", "this path takes POST alone"));
    CHECK(served.client().Put(path, "{}", "application/json")->status == 405);
  }
  for (const char* path : {"/", "/live/page.css", "/live/page.js", "/live/chart.js", "/live/events", "/live/state",
                           "/exercises/01", "/read/docs/README.md"}) {
    const auto check = [](const httplib::Result& refused) {
      CHECK(refused->status == 405);
      CHECK(refused->get_header_value("Allow") == "GET, HEAD");
    };
    check(served.client().Delete(path));
    check(served.post(path, "{}"));
    check(served.client().Options(path));
  }
  CHECK(served.client().Head("/")->status == 200);
  CHECK(served.get("/live/start", {{"Host", "evil.example"}})->status == 403);
}
