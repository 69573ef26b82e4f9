// Grades hostile submissions (tests/grader/hostile) from end to end, and checks what becomes of each: the verdict is
// what its head says, the report is whole and every format takes it, no process of it is left, nothing that it wrote is
// left, and it ended in time.
//
//   grade_hostile                    a few, each of its own kind; all if LAB_THOROUGH is set
//   grade_hostile NAME...            these
//   grade_hostile --unscreened ...   with the screen switched off, as an addition to buggy/: the sandbox and the
//   channel
//                                    alone must keep it from any point
//
// Exit status: 0 all is as it should be, 1 something is not, 3 there are no build folders to judge with: ./lab grade
// fixed makes them.
#include <dirent.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/grader/hostile/hostile.hpp"
#include "tools/grader/formats/autolab.hpp"
#include "tools/grader/formats/gradescope.hpp"
#include "tools/grader/formats/junit.hpp"
#include "tools/grader/formats/page.hpp"
#include "tools/grader/formats/prairielearn.hpp"
#include "tools/grader/formats/sarif.hpp"
#include "tools/grader/judging/grade.hpp"
#include "tools/grader/judging/workplace.hpp"
#include "tools/process/content.hpp"
#include "tools/process/folder.hpp"

namespace fs = std::filesystem;
using namespace lab::grader;
using lab::process::content_of;
using lab::test::Hostile;
using nlohmann::json;
using Names = std::vector<std::string>;

namespace {

const fs::path root = LAB_ROOT;

// Refused, no program, and forged words beside right ones, which earn what `fixed` earns; that itself is graded first.
const Names screened_few = {"exit_unseen", "no_compilation", "forged_report"};
// A fork bomb is none of the few: held in its bound of processes each, two of them still slow the whole machine
// down until their time is over.
const Names unscreened_few = {"exit_unseen"};
const Names unscreened_all = {"exit_at_start",
                              "exit_unseen",
                              "exit_in_operation",
                              "quick_exit_at_end",
                              "write_descriptors",
                              "descriptors_range",
                              "close_descriptors",
                              "fork_bomb",
                              "kill_parent",
                              "stop_parent",
                              "reads_tests",
                              "reads_others",
                              "reads_maps",
                              "environment",
                              "exec",
                              "shell",
                              "network",
                              "memory_flood",
                              "writes_disk",
                              "writes_report",
                              "suppressions",
                              "options"};
// A grade of `fixed` takes half a minute, and what hangs three times the limit of half a minute; on a machine that does
// other things too. Far below what hanging in each claim would take.
constexpr double seconds_max = 900;

class Wrong {
public:
  void unless(bool right, const std::string& sentence) {
    if (!right) all_.push_back(sentence);
  }
  const Names& all() const { return all_; }

private:
  Names all_;
};

std::string of(const json& report, const char* judge) {
  for (const json& one : report.at("judges")) {
    if (one.at("judge") == judge) return one.at("verdict");
  }
  return "none";
}

// As docs/reference/grade-report.md has it.
void check_form(const json& report, Wrong& wrong) {
  wrong.unless(report.at("schema") == 1 && report.at("exercises").size() == 12, "the report is not whole");
  double sum = 0;
  bool all_judged = true;
  for (const json& exercise : report.at("exercises")) {
    const bool judged = exercise.at("verdict") != "could_not_judge";
    all_judged &= judged;
    wrong.unless(exercise.at("points").is_number() == judged,
                 exercise.at("id").get<std::string>() + (judged ? " has no points" : " has points and no verdict"));
    sum += exercise.at("points").is_number() ? exercise.at("points").get<double>() : 0;
  }
  const json& points = report.at("points");
  wrong.unless(points.is_number() == all_judged && (!all_judged || std::abs(points.get<double>() - sum) < 1e-6),
               "the points are not the sum of the exercises'");
  const std::string text = report.dump(2, ' ', false, json::error_handler_t::replace);
  wrong.unless(text.size() < 4'000'000, "the report has more than 4 MB");
  wrong.unless(
      !formats::page(report).empty() && !formats::junit(report).empty() && formats::autolab(report).has_value(),
      "a format has nothing to say");
  for (const std::string& one :
       {text, formats::gradescope(report, {}), formats::prairielearn(report), formats::sarif(report)})
    wrong.unless(json::accept(one), "what should be JSON is none");
}

void check_verdict(const Hostile& hostile, const json& report, Wrong& wrong) {
  const std::string verdict = report.at("verdict"), kind = hostile.verdict, what = hostile.arguments.front();
  const json& points = report.at("points");
  wrong.unless(verdict != "could_not_judge", "it could not be judged: " + report.at("reasons").dump());
  if (kind == "refused") {
    wrong.unless(of(report, "screen") == "failed" && points == 0, "the screen does not refuse it");
  } else if (kind == "failed" && what == "build") {
    wrong.unless(of(report, "build") == "failed" && points == 0, "it has a program");
  } else if (kind == "failed") {
    wrong.unless(of(report, "build") == "passed", "it has no program");
    wrong.unless(verdict == "failed" && points < 100, "it has not failed");
    for (const json& exercise : report.at("exercises")) {
      if (what == "any") break;
      const bool named = std::count(hostile.arguments.begin(), hostile.arguments.end(), exercise.at("id")) != 0;
      wrong.unless((exercise.at("verdict") == "failed") == named,
                   exercise.at("id").get<std::string>() + " is " + exercise.at("verdict").get<std::string>());
    }
  } else {
    wrong.unless(verdict == "passed" && points == 100, "it does not earn what fixed earns");
  }
}

// Where it was worked on: processes of it name that folder.
fs::path workplace_by(const std::string& fingerprint) {
  return workplace_of(fingerprint.substr(fingerprint.size() - 16));
}

// The words of this process's children.
std::string children() {
  const std::string self = std::to_string(::getpid());
  std::istringstream pids(content_of(fs::path("/proc") / self / "task" / self / "children"));
  std::string all;
  for (std::string pid; pids >> pid;) all += "[" + pid + "] " + content_of(fs::path("/proc") / pid / "cmdline") + " ";
  std::replace(all.begin(), all.end(), '\0', ' ');
  return all;
}

// This process adopts what its children leave behind, in whatever session or group that is.
void check_processes(const std::string& fingerprint, Wrong& wrong) {
  pid_t child = 0;
  while ((child = ::waitpid(-1, nullptr, WNOHANG)) > 0) continue;  // dead, and nobody's
  wrong.unless(child == -1, "a process that it started is left: " + children());
  const std::string folder = workplace_by(fingerprint).string();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    if (content_of(entry.path() / "cmdline").find(folder) != std::string::npos)
      wrong.unless(false, "the process " + entry.path().filename().string() + " of it is left");
  }
}

// What could be written to by mistake or on purpose: names, and when they were changed.
std::map<std::string, std::string> snapshot() {
  std::map<std::string, std::string> all;
  for (const fs::path& folder : {root, root / "tests", root / "fixed", root / "buggy", root / "common",
                                 fs::path("/var/tmp"), fs::path("/dev/shm"), fs::path("/")}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      struct stat about {};
      if (::lstat(entry.path().c_str(), &about) != 0) continue;
      const bool is_file = S_ISREG(about.st_mode);
      all[entry.path().string()] = is_file ? fmt::format("{} {}", about.st_size, about.st_mtim.tv_sec) : "";
    }
  }
  return all;
}

void check_files(const std::map<std::string, std::string>& before, const std::string& fingerprint, Wrong& wrong) {
  for (const auto& [name, about] : snapshot()) {
    const auto known = before.find(name);
    wrong.unless(known != before.end() && known->second == about, name + " was written");
  }
  wrong.unless(!fs::exists(workplace_by(fingerprint)), "its workplace is left");
}

class Bench {
public:
  explicit Bench(const Grader& grader) : grader_(grader) {
    options_.programs = 4;
    options_.watched = 1;
    options_.workers = 2;
    options_.seed = 1;
  }

  // What the submission `base` earns is the most that its hostile copy may earn unscreened.
  void be_unscreened(double base_points) {
    options_.screened = false;
    base_points_ = base_points;
  }

  bool grade(const Hostile& hostile, const fs::path& base) {
    const lab::process::Folder folder("lab-hostile");
    const fs::path submission = folder.path() / "submission";
    lab::test::make_submission(hostile, base, submission);
    // Nobody else works on the same.
    std::ofstream(submission / "session_manager.cpp", std::ios::app) << "// " << ::getpid() << "\n";
    const auto before = snapshot();
    const std::string fingerprint = grader_.fingerprint(submission);
    const json report = grader_.grade(submission, options_);
    Wrong wrong;
    check_form(report, wrong);
    if (options_.screened) {
      check_verdict(hostile, report, wrong);
    } else {
      // Without the screen, which refuses what the explorer does not model, that may be found while judging.
      wrong.unless(report.at("verdict") != "passed", "it has passed");
      wrong.unless(report.at("points").is_null() || report.at("points").get<double>() <= base_points_,
                   "it earns more than without");
    }
    wrong.unless(report.at("seconds") < seconds_max, "it took too long");
    check_processes(fingerprint, wrong);
    check_files(before, fingerprint, wrong);
    std::string failing;
    for (const json& exercise : report.at("exercises"))
      if (exercise.at("verdict") != "passed") failing += " " + exercise.at("id").get<std::string>();
    fmt::print("{:<30} {:<18} {:<16} {:>6} {:>6.0f} s {} {}\n", hostile.name,
               options_.screened ? hostile.verdict + " " + hostile.arguments.front() : "unscreened",
               report.at("verdict").get<std::string>(), report.at("points").dump(), report.at("seconds").get<double>(),
               failing.size() == 36 ? " all" : failing, wrong.all().empty() ? "" : "  WRONG");
    for (const std::string& sentence : wrong.all()) fmt::print("    {}\n", sentence);
    if (!wrong.all().empty())
      for (const json& exercise : report.at("exercises"))
        fmt::print("      {}\n", exercise.at("reasons").dump().substr(0, 200));
    std::fflush(stdout);
    return wrong.all().empty();
  }

  double points_of(const fs::path& submission) const {
    const json report = grader_.grade(submission, options_);
    return report.at("points").is_number() ? report.at("points").get<double>() : 0;
  }

private:
  const Grader& grader_;
  GradeOptions options_;
  double base_points_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Names names(argv + 1, argv + argc);
  const bool only_unscreened = std::erase(names, "--unscreened") != 0;
  const bool thorough = std::getenv("LAB_THOROUGH") != nullptr;
  for (const char* const program : {"tsan/tests/explored/explored_fixed", "tsan/tests/generated/generated_fixed",
                                    "asan/tests/suite_fixed", "release/tests/suite_fixed"}) {
    if (!fs::exists(root / "build" / program)) {
      fmt::print("there is no build/{}: build it, as ./lab grade does\n", program);
      return 3;
    }
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  Sandbox::Options sandbox_options;
  sandbox_options.confine = LAB_CONFINE;
  const char* const tier = std::getenv("LAB_SANDBOX_TIER");
  sandbox_options.namespaces = tier == nullptr || std::string(tier) != "2";
  const auto sandbox = Sandbox::open(sandbox_options);
  if (!sandbox) return fmt::print("{}\n", sandbox.error()), 1;
  const auto grader = Grader::open(root, *sandbox, {});
  if (!grader) return fmt::print("{}\n", grader.error()), 1;

  const std::vector<Hostile> all = lab::test::read_all_hostile(root / "tests/grader/hostile");
  const auto chosen = [&](const Hostile& one, const Names& few) {
    return std::count(few.begin(), few.end(), one.name) != 0;
  };
  bool good = true;
  Bench bench(*grader);
  if (!only_unscreened) {
    for (const Hostile& one : all) {
      const bool wanted = !names.empty() ? chosen(one, names)
                          : thorough     ? one.verdict != "refused" || chosen(one, unscreened_all)
                                         : chosen(one, screened_few);
      if (wanted) good &= bench.grade(one, root / "fixed");
    }
    if (!names.empty()) return good ? 0 : 1;
  }
  bench.be_unscreened(bench.points_of(root / "buggy"));
  for (const Hostile& one : all) {
    const Names& several = !names.empty() ? names : thorough || only_unscreened ? unscreened_all : unscreened_few;
    if (chosen(one, several)) good &= bench.grade(one, root / "buggy");
  }
  return good ? 0 : 1;
}
