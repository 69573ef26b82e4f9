// What ./lab hands over to once everything is installed and built.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "tools/lab/commands.hpp"

using namespace lab::cli;

namespace {

Context find_context() {
  const char* root = std::getenv("RACELAB_ROOT");  // ./lab sets it
  return {root != nullptr ? std::filesystem::path(root) : std::filesystem::current_path()};
}

int run(int argc, char** argv) {
  CLI::App app("A lab for concurrency bugs: a session manager, buggy and fixed, under one suite of claims.", "lab");
  app.require_subcommand(1);
  app.footer("Exit status: 0 passed, 1 failed, 2 usage, 3 could not judge.");

  DemoOptions demo_options;
  CLI::App* demo_command = app.add_subcommand("demo", "run the document's samples on buggy beside fixed");
  demo_command->add_option("--rounds", demo_options.rounds, "how often to run each sample")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  demo_command->add_option("--json", demo_options.json, "write the figures to this file as well");

  TestOptions test_options;
  CLI::App* test_command = app.add_subcommand("test", "build and test everything, with and without sanitizers");
  test_command->add_flag("--thorough", test_options.thorough,
                         "then repeat the suite on fixed: 200 times in release, 20 times under ThreadSanitizer");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? passed : usage;
  }
  const Context context = find_context();
  if (*demo_command) return demo(context, demo_options);
  return test(context, test_options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "lab: {}\n", error.what());
    return could_not_judge;
  }
}
