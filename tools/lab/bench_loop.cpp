#include "tools/lab/bench_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tools/lab/workspace.hpp"
#include "tools/process/content.hpp"
#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A copy that is edited and checked as a student does it.
class Copy {
public:
  Copy(const Context& context, const fs::path& of) : context_(context) {
    for (const char* file : submitted_files) fs::copy_file(of / file, folder_.path() / file);
  }

  // A line more at the top: the code stays, and every place in it is another.
  void edit() {
    const fs::path source = folder_.path() / "session_manager.cpp";
    const std::string text = process::content_of(source);
    const fs::path beside = folder_.path() / "new";
    std::ofstream(beside) << fmt::format("// edit {}\n", ++edits_) << text;
    fs::rename(beside, source);
  }

  // With the launcher, for which a student waits as well.
  process::Command command(const std::vector<std::string>& words) const {
    process::Command command{.words = {(context_.root / "lab").string()},
                             .environment = {"RACELAB_WORK=" + folder_.path().string()}};
    command.words.insert(command.words.end(), words.begin(), words.end());
    return command;
  }

private:
  const Context& context_;
  const process::Folder folder_{"lab-bench"};
  int edits_ = 0;
};

// The seconds of `check WHICH` after an edit; a copy that is right ends with 0, the handout with 1.
std::vector<double> checks(Copy& copy, const std::string& which, int status, int repetitions) {
  std::vector<double> seconds;
  for (int i = 0; i <= repetitions; ++i) {
    copy.edit();
    const Clock::time_point begun = Clock::now();
    const process::Ran ran = process::run(copy.command({"check", which}));
    if (ran.status != status)
      throw std::runtime_error("check " + which + " ended otherwise than it must:\n" + ran.output);
    if (i > 0) seconds.push_back(seconds_since(begun));  // the first may have to build the suite
  }
  return seconds;
}

// The seconds from a save to the beginning of the check.
std::vector<double> saves(Copy& copy, int repetitions) {
  std::vector<double> seconds;
  Clock::time_point saved;
  bool waiting = false, done = false;
  process::Command command = copy.command({"watch", "01"});
  command.unwanted = [&] { return done; };
  (void)process::run(command, [&](const std::string& line) {
    if (waiting && line.starts_with("checking ")) {
      seconds.push_back(seconds_since(saved));
      waiting = false;
    }
    if (!line.starts_with("watching ")) return;
    done = seconds.size() == static_cast<std::size_t>(repetitions);
    if (done) return;
    copy.edit();
    saved = Clock::now();
    waiting = true;
  });
  if (!done) throw std::runtime_error("watch has ended by itself");
  return seconds;
}

}  // namespace

std::optional<nlohmann::json> bench_loop(const Context& context, int repetitions) {
  nlohmann::json rows = nlohmann::json::array();
  const auto add = [&](const std::string& name, const std::string& title, const std::vector<double>& seconds,
                       double limit) {
    const double value = median(seconds);
    rows.push_back({{"name", name},
                    {"title", title},
                    {"unit", "seconds"},
                    {"median", value},
                    {"promise", {{"limit", limit}, {"met", value < limit}}}});
    fmt::print("{:<38} {:>10.2f} s   < {:<4} s  {}\n", title, value, limit, value < limit ? "met" : "missed");
    std::fflush(stdout);
  };
  try {
    Copy handout(context, context.root / "buggy"), right(context, context.root / "fixed");
    fmt::print("\n{:<38} {:>12}   {}\n", "the student's loop", "median", "promise");
    add("check_01", "check 01 after an edit, red", checks(handout, "01", 1, repetitions), 5);
    add("check_01_green", "check 01 after an edit, green", checks(right, "01", 0, repetitions), 5);
    add("check_all", "check all after an edit, all green", checks(right, "all", 0, repetitions), 15);
    add("watch", "watch, from a save to its check", saves(handout, repetitions), 0.2);
  } catch (const std::exception& error) {
    fmt::print(stderr, "lab: {}\n", error.what());
    return std::nullopt;
  }
  return rows;
}

}  // namespace lab::cli
