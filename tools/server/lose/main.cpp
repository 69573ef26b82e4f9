// lose_updates ADDRESS: prints what a server that is running loses of the document's updates.
//
// Exit status: 0 nothing was lost · 1 something was · 2 usage · 3 the server could not be asked.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/server/lose/lose.hpp"

int main(int argc, char** argv) {
  lab::server::LoseOptions options;
  CLI::App app("Updates one session from several clients at once, over HTTP, and counts what is left.");
  app.add_option("address", options.address, "of the server, as ./lab serve prints it")->required();
  app.add_option("--clients", options.clients, "at once")->check(CLI::Range(1, 60))->capture_default_str();
  app.add_option("--updates", options.updates, "of each client")->check(CLI::Range(1, 10'000))->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  while (options.address.ends_with('/')) options.address.pop_back();
  const auto lost = lab::server::lose_updates(options);
  if (!lost) {
    fmt::print(stderr, "lab: {}\n", lost.error());
    return 3;
  }
  fmt::print("{} clients made {} updates each, a key of its own for each, and every one was answered with 200.\n",
             options.clients, options.updates);
  fmt::print("Expected {} keys, got: {}\n", lost->expected, lost->keys);
  fmt::print("Expected access_count {}, got: {}\n", lost->expected, lost->access_count);
  if (lost->nothing()) {
    fmt::print("Nothing was lost.\n");
    return 0;
  }
  fmt::print("An update writes back a copy that it made before others wrote theirs: B1, docs/reference/bugs.md.\n");
  return 1;
}
