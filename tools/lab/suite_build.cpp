#include "tools/lab/suite_build.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "tools/lab/tail.hpp"
#include "tools/lab/workspace.hpp"
#include "tools/process/file_lock.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {

namespace fs = std::filesystem;

namespace {

using Unwanted = std::function<bool()>;

// Empty: it went well, or it was cancelled.
std::string run_logged(const Context& context, const std::vector<std::string>& words, const fs::path& log,
                       const Unwanted& unwanted) {
  std::ofstream out(log, std::ios::app);
  Tail tail(20);
  const process::Ran ran =
      process::run({.words = words, .folder = context.root, .unwanted = unwanted}, [&](const std::string& line) {
        out << line << '\n';
        tail.add(line);
      });
  if (ran.ok() || ran.cancelled) return "";
  return fmt::format("the lab's own suite can't be built (not your code); the end of {}:\n    {}",
                     Workspace::shown(log), fmt::join(tail.lines(), "\n    "));
}

// A build folder remembers the place it was made for; one that was copied or moved is made anew.
bool is_configured(const Context& context, const fs::path& folder) {
  if (!fs::exists(folder / "build.ninja")) return false;
  std::ifstream cache(folder / "CMakeCache.txt");
  const std::string home = "CMAKE_HOME_DIRECTORY:INTERNAL=" + context.root.string();
  for (std::string line; std::getline(cache, line);)
    if (line == home) return true;
  return false;
}

}  // namespace

std::string build_suite(const Context& context, const SuiteBuild& wanted, const Unwanted& unwanted,
                        const std::function<void(const std::string&)>& say) {
  const fs::path folder = context.root / "build" / wanted.folder;
  fs::create_directories(folder);
  const fs::path log = folder / "check.log";
  std::ofstream(log).flush();
  const process::FileLock lock(context.root / "build/.lock");
  if (!is_configured(context, folder)) {
    say("building the suite, once; this takes a minute or two ...");
    if (std::string broken = run_logged(context, {"cmake", "--fresh", "--preset", wanted.preset}, log, unwanted);
        !broken.empty())
      return broken;
  }
  std::vector<std::string> words = {"cmake", "--build", "--preset", wanted.preset, "--target"};
  words.insert(words.end(), wanted.targets.begin(), wanted.targets.end());
  return run_logged(context, words, log, unwanted);
}

}  // namespace lab::cli
