#include "tools/lab/grade.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <optional>

#include "tools/explorer/account/text.hpp"
#include "tools/grader/course/class_run.hpp"
#include "tools/grader/formats/autolab.hpp"
#include "tools/grader/formats/junit.hpp"
#include "tools/grader/formats/page.hpp"
#include "tools/grader/formats/prairielearn.hpp"
#include "tools/grader/formats/sarif.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/judging/grade.hpp"
#include "tools/grader/sandbox/sandbox.hpp"
#include "tools/lab/canaries.hpp"
#include "tools/lab/complain.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/interrupts.hpp"
#include "tools/lab/randomisation.hpp"
#include "tools/lab/suite_build.hpp"
#include "tools/lab/terminal.hpp"
#include "tools/lab/timeline.hpp"
#include "tools/lab/verdicts.hpp"

namespace lab::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void say(const std::string& what) { fmt::print(stderr, "lab: {}\n", what); }

// Everything that judging needs, in the order in which it is made. Not to be moved: what comes later refers to what
// came before.
class Judging {
public:
  // Empty, or why nobody can be judged.
  std::string open(const Context& context, const grader::GradeOptions& options) {
    const std::vector<std::string> suite = {"suite_fixed", "graded_seam", "canaries_stress"};
    std::vector<std::string> tsan = suite;
    tsan.insert(tsan.end(), {"explored_fixed", "generated_fixed", "canaries_explored"});
    for (const SuiteBuild& wanted : {SuiteBuild{"explore", "tsan", tsan}, SuiteBuild{"asan", "asan", suite},
                                     SuiteBuild{"release", "release", suite}}) {
      if (std::string broken = build_suite(context, wanted, options.unwanted, say); !broken.empty()) return broken;
    }
    // A judge that is silent about a planted fault would be silent about anything.
    const bool tsan_starts = make_tsan_start(context.root / "build/tsan/tests/canaries/canaries_stress");
    if (!tsan_starts) return "ThreadSanitizer does not start on this machine";
    canaries_ = std::async(std::launch::async, [&context] {
      return canaries_sing(context, {"explore", "tsan", "asan", "release"});
    });
    grader::Sandbox::Options sandbox_options;
    sandbox_options.confine = LAB_CONFINE;
    if (const char* const tier = std::getenv("LAB_SANDBOX_TIER"); tier != nullptr && std::string(tier) == "2")
      sandbox_options.namespaces = false;
    auto sandbox = grader::Sandbox::open(sandbox_options);
    if (!sandbox) return sandbox.error();
    sandbox_.emplace(std::move(*sandbox));
    for (const std::string& lack : sandbox_->lacks()) say("note: " + lack);
    auto grader = grader::Grader::open(context.root, *sandbox_, options);
    if (!grader) return grader.error();
    grader_.emplace(std::move(*grader));
    return "";
  }

  const grader::Grader& grader() const { return *grader_; }

  // Whether each judge has reported a planted fault; a verdict counts only then. To be asked once, as
  // late as can be: they run while a submission compiles.
  bool is_sound() { return canaries_.get(); }

private:
  std::optional<grader::Sandbox> sandbox_;
  std::optional<grader::Grader> grader_;
  std::future<bool> canaries_;
};

constexpr const char* silent = "a judge is silent about a planted fault, see above";

grader::GradeOptions grade_options(std::uint64_t seed, std::size_t workers) {
  grader::GradeOptions options;
  options.seed = seed;
  options.workers = workers;
  options.unwanted = [] { return Interrupts::came(); };
  options.say = say;
  return options;
}

std::string points_in_words(const json& points, const json& most) {
  return points.is_number() ? fmt::format("{} of {}", grader::formats::number(points.get<double>()),
                                          grader::formats::number(most.get<double>()))
                            : "no points yet";
}

// The report on a terminal: a line an exercise, and why.
void print_report(const json& report) {
  const Paint paint;
  const std::size_t width = text_width();
  const auto line = [&](const std::string& text) {
    fmt::print("{}\n", paint.faint(explorer::cut(explorer::clean(text), width)));
  };
  for (const json& exercise : report.at("exercises")) {
    const std::string verdict = exercise.at("verdict");
    const std::string word = verdict == "passed"   ? paint.green("passed")
                             : verdict == "failed" ? paint.red("failed")
                                                   : "could not be judged";
    fmt::print("{} {:<20} {:>14}  {}\n", paint.strong(exercise.at("id").get<std::string>()),
               exercise.at("title").get<std::string>(),
               points_in_words(exercise.at("points"), exercise.at("points_max")), word);
    if (report.at("reasons").empty()) {
      for (const json& reason : exercise.at("reasons")) line("     " + reason.get<std::string>());
    }
  }
  for (const json& reason : report.at("reasons")) fmt::print("{}\n", explorer::clean(reason.get<std::string>()));
  fmt::print("{} {}: {} ({:.0f} s, sandbox tier {}, seed {})\n", report.at("subject").get<std::string>(),
             report.at("verdict").get<std::string>(), points_in_words(report.at("points"), report.at("points_max")),
             report.at("seconds").get<double>(), report.at("tier").get<int>(), report.at("seed").get<std::uint64_t>());
}

// A page of each failing schedule. In the report a page's file takes the place of what it was made of: a link, from
// where the report's own page will lie.
tl::expected<void, std::string> write_timelines(json& report, const GradeFiles& files) {
  if (files.timelines.empty()) return {};
  std::error_code error;
  fs::create_directories(files.timelines, error);
  if (error)
    return tl::unexpected(fmt::format("can't make the folder {}: {}", files.timelines.string(), error.message()));
  for (json& exercise : report.at("exercises")) {
    std::size_t number = 0;
    for (json& evidence : exercise.at("evidence")) {
      const auto at = evidence.find("timeline");
      if (at == evidence.end()) continue;
      json whole = std::move(*at);
      json& timeline = whole["timeline"];
      const std::string id = exercise.at("id");
      timeline["subject"] = fmt::format("exercise {}: {}", id, evidence.at("test").get<std::string>());
      const json& replay = evidence.at("replay");
      timeline["replay"] =
          replay.is_string() ? "./lab grade SUBMISSION --replay " + replay.get<std::string>() : std::string();
      const fs::path file = files.timelines / fmt::format("{}-{}.html", id, ++number);
      if (auto written = write_timeline(file, whole); !written) return written;
      const fs::path from = files.html.empty() ? files.timelines : fs::absolute(files.html).parent_path();
      *at = fs::proximate(fs::absolute(file), fs::absolute(from)).generic_string();
    }
  }
  return {};
}

tl::expected<void, std::string> write_files(const json& report, const GradeCommandOptions& options) {
  const GradeFiles& files = options.files;
  const std::pair<fs::path, std::function<std::string()>> all[] = {
      {files.json, [&] { return report.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }},
      {files.html, [&] { return grader::formats::page(report); }},
      {files.junit, [&] { return grader::formats::junit(report); }},
      {files.sarif, [&] { return grader::formats::sarif(report); }},
      {files.gradescope, [&] { return grader::formats::gradescope(report, options.gradescope); }},
      {files.prairielearn, [&] { return grader::formats::prairielearn(report); }}};
  for (const auto& [file, text] : all) {
    if (file.empty()) continue;
    if (auto written = write_text(file, text()); !written) return written;
  }
  return {};
}

}  // namespace

Status grade(const Context& context, const GradeCommandOptions& options) {
  std::error_code error;
  if (!fs::exists(options.path, error))
    return complain(usage, fmt::format("there is no {}: name a folder or an archive with session_manager.hpp and "
                                       "session_manager.cpp",
                                       options.path.string()));
  const Interrupts interrupts;
  grader::GradeOptions grading = grade_options(options.seed, options.workers);
  grading.timelines = !options.files.timelines.empty();
  Judging judging;
  if (const std::string broken = judging.open(context, grading); !broken.empty())
    return complain(could_not_judge, broken);
  if (!options.replay.empty()) {
    const auto account = judging.grader().replay(options.path, options.replay);
    if (!account) return complain(usage, account.error());
    fmt::print("{}", explorer::clean(account->text, true));
    return account->failed ? failed : passed;
  }
  json report = judging.grader().grade(options.path, grading);
  if (Interrupts::came()) return could_not_judge;
  if (!judging.is_sound()) return complain(could_not_judge, silent);
  print_report(report);
  if (auto written = write_timelines(report, options.files); !written)
    return complain(could_not_judge, written.error());
  if (auto written = write_files(report, options); !written) return complain(could_not_judge, written.error());
  if (options.files.autolab) {
    if (const auto line = grader::formats::autolab(report)) fmt::print("{}", *line);
  }
  return static_cast<Status>(grader::status_of(report));
}

Status grade_class(const Context& context, const GradeClassOptions& options) {
  const auto submissions = grader::submissions_in(options.folder);
  if (!submissions) return complain(usage, submissions.error());
  const Interrupts interrupts;
  // A submission at a time has one process at a time; the machine is filled by several submissions.
  grader::ClassOptions course;
  course.each = grade_options(0, 1);
  course.workers = options.workers;
  course.again = options.again;
  course.out = options.out;
  if (course.out.empty()) {
    const fs::path folder = fs::absolute(options.folder / ".").parent_path();
    course.out = folder.parent_path() / (folder.filename().string() + "-grades");
  }
  Judging judging;
  grader::GradeOptions opening = course.each;
  opening.workers = 0;
  if (const std::string broken = judging.open(context, opening); !broken.empty())
    return complain(could_not_judge, broken);
  if (!judging.is_sound()) return complain(could_not_judge, silent);
  course.each.say = nullptr;

  const bool on_terminal = ::isatty(STDERR_FILENO) != 0;
  const auto begun = std::chrono::steady_clock::now();
  course.progress = [&](std::size_t done, std::size_t all, const std::string& name, const json& report) {
    const std::string line =
        fmt::format("{} {}: {}", name, report.value("verdict", ""),
                    points_in_words(report.value("points", json()), report.value("points_max", json(100))));
    if (!on_terminal) {
      fmt::print("{}/{} {}\n", done, all, explorer::clean(line));
      std::fflush(stdout);
      return;
    }
    constexpr std::size_t bar = 30;
    const std::size_t full = done * bar / all;
    fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {}/{} {}", "", full, "", bar - full, done, all,
               explorer::cut(explorer::clean(line), 60));
  };
  const auto run = grader::grade_class(judging.grader(), options.folder, course);
  if (on_terminal) fmt::print(stderr, "\r\x1b[K");
  if (!run) return complain(could_not_judge, run.error());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  fmt::print(
      "{} submissions: {} with all points, {} without, {} could not be judged; {} reports were kept ({:.0f} s)\n",
      submissions->size(), run->passed, run->failed, run->could_not_judge, run->kept, seconds);
  fmt::print("the gradebook is {}, the page {}\n", (course.out / "gradebook.csv").string(),
             (course.out / "class.html").string());
  if (Interrupts::came()) return complain(could_not_judge, "it was interrupted: the same command goes on with it");
  return run->could_not_judge > 0 ? could_not_judge : run->failed > 0 ? failed : passed;
}

}  // namespace lab::cli
