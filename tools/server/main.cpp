// serve_IMPLEMENTATION: the web application over the implementation that was linked in, until SIGINT or SIGTERM.
//
//   serve_fixed --name fixed --database sessions.sqlite --port 8080
//
// Prints where it listens, as its first line. Exit status: 0 it was told to end, and every request under way was
// answered · 2 usage · 3 it could not serve, and a sentence says why. docs/guide/serve.md.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "common/faulty_database.hpp"
#include "common/interface.hpp"
#include "common/sqlite_database.hpp"
#include "tools/server/application/application.hpp"
#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/live/live_page.hpp"

namespace {

using namespace lab;

enum Status : int { ended = 0, usage = 2, could_not_serve = 3 };

struct Options {
  std::string name = "fixed";
  std::string framework = "httplib";
  server::ServerOptions server;
  std::filesystem::path database;
  double cleanup_seconds = std::chrono::duration<double>(cleanup_interval_default).count();
  bool trust_proxy = false;
  std::filesystem::path load, root;
  bool faults = false;
};

// As many names as one needs: an address is a number, and no question to a name server.
std::string checked_address(std::string& address) {
  if (address == "localhost") address = "127.0.0.1";
  in6_addr any{};
  const bool known =
      ::inet_pton(AF_INET, address.c_str(), &any) == 1 || ::inet_pton(AF_INET6, address.c_str(), &any) == 1;
  return known ? ""
               : address +
                     " is no IP address: give 127.0.0.1 for this machine alone, or 0.0.0.0 for all that can reach it";
}

int refuse(const std::string& sentence) {
  fmt::print(stderr, "lab: {}\n", sentence);
  return could_not_serve;
}

std::string sentence_of(Error error, const std::filesystem::path& file) {
  return fmt::format("the sessions can't be read from {} ({}): give another --database", file.string(),
                     to_string(error));
}

std::string url_of(const server::ServerOptions& options, std::uint16_t port) {
  const bool is_v6 = options.address.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", is_v6 ? "[" : "", options.address, is_v6 ? "]" : "", port);
}

// Both signals, for one thread to wait for; to be called before there are others, which inherit it.
sigset_t block_ends() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  (void)::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);  // a client that goes is no reason to end
  return ends;
}

int serve(const Options& options) {
  const sigset_t ends = block_ends();
  auto opened = SqliteDatabase::open(options.database);
  if (!opened) return refuse(sentence_of(opened.error(), options.database));
  std::shared_ptr<Database> database = std::move(*opened);
  if (options.faults) database = std::make_shared<FaultyDatabase>(database, document_faults());
  const auto manager = make_session_manager({database, std::make_shared<SystemClock>(), {}});
  if (!manager) return refuse(sentence_of(manager.error(), options.database));
  const auto interval = std::chrono::duration<double>(options.cleanup_seconds);
  const auto worker = make_cleanup_worker(**manager, std::chrono::duration_cast<std::chrono::milliseconds>(interval));

  server::Application application(**manager,
                                  {options.server.limits, {options.name, options.framework}, options.trust_proxy});
  const bool has_page = options.framework == "httplib" && !options.load.empty();
  server::Mount mount;
  if (has_page) {
    mount = [&](httplib::Server& server) {
      live::LiveOptions page;
      page.programs = {options.load / "load_buggy", options.load / "load_fixed"};
      page.root = options.root;
      page.more_hosts = {options.server.address};
      live::mount_live_page(server, page);
    };
  }
  const auto server = server::serve(options.framework, options.server, application.handlers(), mount);
  if (!server) return refuse(server.error());
  worker->start();

  const std::string url = url_of(options.server, (*server)->port());
  fmt::print("{} on {} at {}/, sessions in {}\n", options.name, options.framework, url, options.database.string());
  if (options.name == "buggy") {
    fmt::print(
        "buggy is wrong on purpose: it loses data. See it lose updates over HTTP, from another terminal:\n\n"
        "    ./lab serve --lose {}\n\n",
        url);
  }
  if (has_page) fmt::print("The page there puts buggy and fixed under load, side by side.\n");
  fmt::print("Ctrl-C ends it; requests under way are answered first.\n");
  std::fflush(stdout);

  int signal = 0;
  (void)sigwait(&ends, &signal);
  (void)::pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);  // a second one ends it at once
  (*server)->stop();
  worker->stop();
  return ended;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("The web application over a session manager.");
  app.add_option("--name", options.name, "of the implementation that was linked in, as it is shown")
      ->capture_default_str();
  app.add_option("--framework", options.framework, "httplib, beast or poco")->capture_default_str();
  app.add_option("--address", options.server.address, "to listen on")->capture_default_str();
  app.add_option("--port", options.server.port, "to listen on; 0: the system chooses")->capture_default_str();
  app.add_option("--database", options.database, "the SQLite file of the sessions")->required();
  app.add_option("--cleanup-seconds", options.cleanup_seconds, "between two passes of the cleanup worker")
      ->check(CLI::Range(0.01, 1e6));
  app.add_option("--load", options.load, "the folder of load_buggy and load_fixed, for the live page (httplib alone)");
  app.add_option("--root", options.root, "the checkout, for the exercises' pages");
  app.add_flag("--trust-proxy", options.trust_proxy, "believe X-Forwarded-Proto, because a proxy of yours sets it");
  app.add_flag("--faults", options.faults, "the document's database: fetches take 10 ms, half of the purges fail");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ended : usage;
  }
  if (const std::string wrong = checked_address(options.server.address); !wrong.empty()) {
    fmt::print(stderr, "lab: {}\n", wrong);
    return usage;
  }
  try {
    return serve(options);
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
