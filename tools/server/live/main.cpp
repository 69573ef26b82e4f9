// live_page: the live page alone, for its tests and for whoever works on it.
//
//   live_page [--port N] [--load-buggy PROGRAM] [--load-fixed PROGRAM] [--root FOLDER]
//
// Prints its address once it listens, and ends on SIGINT and SIGTERM with status 0. Status 2: usage; 3: no such port.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "tools/server/live/live_page.hpp"

namespace {

// Signals are waited for by a thread of their own: a server can't be stopped from a handler.
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  lab::live::LiveOptions options;
  options.programs = {own / "load" / "load_buggy", own / "load" / "load_fixed"};
  options.root = LAB_ROOT;
  int port = 0;
  CLI::App app("The live page: buggy and fixed under load.");
  app.add_option("--port", port, "to listen at; 0: the system chooses")->check(CLI::Range(0, 65535));
  app.add_option("--load-buggy", options.programs.buggy, "the program that puts buggy under load");
  app.add_option("--load-fixed", options.programs.fixed, "the program that puts fixed under load");
  app.add_option("--root", options.root, "the checkout");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread is made, which has it blocked then too
  std::signal(SIGPIPE, SIG_IGN);

  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(12); };
  server.set_keep_alive_timeout(1);
  lab::live::mount_live_page(server, options);
  const bool bound =
      port == 0 ? (port = server.bind_to_any_port("127.0.0.1")) > 0 : server.bind_to_port("127.0.0.1", port);
  if (!bound) {
    fmt::print(stderr, "live_page: port {} of 127.0.0.1 can't be had: name another one, or 0 for any\n", port);
    return 3;
  }
  fmt::print("http://127.0.0.1:{}/\n", port);
  std::fflush(stdout);
  std::thread ending([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    while (!server.is_running()) std::this_thread::yield();  // stop() has no effect before that
    server.stop();
  });
  server.listen_after_bind();
  ending.join();
  return 0;
}
