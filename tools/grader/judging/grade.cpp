#include "tools/grader/judging/grade.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "tools/exercises/spec.hpp"
#include "tools/explorer/account/schedule.hpp"
#include "tools/grader/judging/points.hpp"
#include "tools/grader/judging/report.hpp"
#include "tools/grader/judging/sandbox_runner.hpp"
#include "tools/grader/screen/text.hpp"
#include "tools/grader/submission/submission.hpp"
#include "tools/process/content.hpp"
#include "tools/process/file_lock.hpp"
#include "tools/process/folder.hpp"

namespace lab::grader {

namespace fs = std::filesystem;
using namespace exercises;
using nlohmann::json;

namespace {

using Clock = std::chrono::steady_clock;
using Names = std::vector<std::string>;

std::string code_in(const fs::path& folder) {
  return process::content_of(folder / header_name) + "\n" + process::content_of(folder / source_name) + "\n";
}

std::uint64_t drawn_seed() {
  std::random_device system;
  return (std::uint64_t{system()} << 20) ^ system();
}

Opinion decided(const std::string& judge, const std::string& verdict, const std::string& reason) {
  Opinion opinion = skipped(judge, reason);
  opinion.verdict = verdict;
  return opinion;
}

json evidence_of_refusal(const std::string& judge, const std::string& test, const Unmade& unmade) {
  std::string location;
  json account = json::array();
  for (const Objection& objection : unmade.objections) {
    if (location.empty()) location = objection.location;
    account.push_back((objection.location.empty() ? "" : objection.location + ": ") + objection.sentence);
  }
  for (const CompilerWords& words : unmade.words) {
    std::istringstream lines(words.text);
    for (std::string line; std::getline(lines, line);) account.push_back(line);
  }
  return {{"judge", judge},           {"test", test},       {"verdict", "crash"},
          {"summary", unmade.reason}, {"expected", json()}, {"location", location.empty() ? json() : json(location)},
          {"replay", json()},         {"runs", 0},          {"exhaustive", false},
          {"scored", true},           {"advice", json()},   {"account", account}};
}

// The claims of these exercises that threads take part in. The last exercise's first: its claim takes longest, and what
// begins last should be short, or all but one of the workers wait.
Names explored_claims(const Index& index, const std::set<std::string>& exercises) {
  Names claims;
  for (auto exercise = index.exercises.rbegin(); exercise != index.exercises.rend(); ++exercise) {
    if (exercises.contains(exercise->id))
      claims.insert(claims.end(), exercise->explored.begin(), exercise->explored.end());
  }
  return claims;
}

// Those that the suite has too: the claims of which the explorer alone can tell are only its own.
Names known_to_suite(const Names& claims, const Names& suite) {
  Names known;
  std::copy_if(claims.begin(), claims.end(), std::back_inserter(known),
               [&](const std::string& claim) { return std::find(suite.begin(), suite.end(), claim) != suite.end(); });
  return known;
}

std::set<std::string> green(const Course& course, const std::vector<Opinion>& opinions) {
  std::vector<Finding> findings;
  for (const Opinion& opinion : opinions)
    findings.insert(findings.end(), opinion.findings.begin(), opinion.findings.end());
  std::set<std::string> ids;
  for (const Earned& one : earned(course.index, course.handout_races, findings)) {
    if (one.judged.standing == Standing::passed) ids.insert(one.judged.exercise);
  }
  return ids;
}

std::string red_in_words(const Index& index, const std::set<std::string>& green) {
  std::string red;
  for (const Exercise& exercise : index.exercises) {
    if (!green.contains(exercise.id) && exercise.bug != "C12") red += (red.empty() ? "" : ", ") + exercise.id;
  }
  return red;
}

// Names of tests, one a line, of a program of ours.
tl::expected<Names, std::string> names_of(const fs::path& suite, const std::string& specification) {
  process::Command command;
  command.words = {suite.string()};
  if (!specification.empty()) command.words.push_back(specification);
  command.words.insert(command.words.end(), {"--list-tests", "--verbosity", "quiet"});
  command.limit = std::chrono::seconds(60);
  const process::Ran ran = process::run(command);
  Names names;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) names.push_back(line);
  }
  if (!ran.ok() || names.empty()) return tl::unexpected(suite.string() + " does not list its tests: build it anew");
  return names;
}

std::string number_of(const std::string& text) { return fmt::format("{:016x}", std::hash<std::string>()(text)); }

// The lab, as far as a verdict depends on it.
std::string lab_of(const fs::path& root) {
  std::string key = process::content_of(root / "exercises/index.json");
  for (const char* const program :
       {"tsan/tests/suite_fixed", "tsan/tests/explored/explored_fixed", "asan/tests/suite_fixed",
        "tsan/tests/generated/generated_fixed", "release/tests/suite_fixed", "release/tools/lab/lab"}) {
    std::error_code error;
    key += fmt::format("{} ", fs::last_write_time(root / "build" / program, error).time_since_epoch().count());
  }
  return number_of(key);
}

// What a measurement holds for: the processor, how many there are, and the lab.
std::string key_of(const fs::path& root) {
  std::ifstream in("/proc/cpuinfo");
  std::string model;
  for (std::string line; model.empty() && std::getline(in, line);) {
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 1);
  }
  return fmt::format("{} x{} {}", model, std::thread::hardware_concurrency(), lab_of(root));
}

}  // namespace

tl::expected<Course, std::string> read_course(const fs::path& root) {
  Course course;
  if (auto index = read_index((root / "exercises/index.json").string())) {
    course.index = std::move(*index);
  } else {
    return tl::unexpected(index.error());
  }
  if (auto races = read_handout_races((root / "exercises/handout_races.json").string())) {
    course.handout_races = std::move(*races);
  } else {
    return tl::unexpected(races.error());
  }
  if (auto tempting = read_tempting((root / "exercises/tempting.json").string())) {
    course.tempting = std::move(*tempting);
  } else {
    return tl::unexpected(tempting.error());
  }
  course.handout = code_in(root / "buggy");
  const fs::path suite = root / "build/release/tests/suite_fixed";
  if (auto gate = names_of(suite, course.index.gate)) {
    course.gate = std::move(*gate);
  } else {
    return tl::unexpected(gate.error());
  }
  if (auto all = names_of(suite, "")) {
    course.suite = std::move(*all);
  } else {
    return tl::unexpected(all.error());
  }
  return course;
}

tl::expected<Grader, std::string> Grader::open(const fs::path& root, const Sandbox& sandbox,
                                               const GradeOptions& options) {
  auto course = read_course(root);
  if (!course) return tl::unexpected(course.error());
  auto workshop = Workshop::open(root, sandbox);
  if (!workshop) return tl::unexpected(workshop.error());
  Grader grader(std::move(*course), std::move(*workshop), sandbox);
  grader.lab_ = lab_of(root);
  const fs::path file = root / "build/grader/limits.json";
  const std::string key = key_of(root);
  const process::FileLock lock(root / "build/.grader-lock");
  auto taken = read_measured(file, key);
  if (!taken) {
    if (options.say) options.say("grading fixed/ first, to know what a right one takes on this machine ...");
    taken.emplace();
    GradeOptions quiet = options;
    quiet.say = nullptr;
    const json report = grader.grade(root / "fixed", quiet, *taken);
    if (report.at("verdict") == "could_not_judge")
      return tl::unexpected("this machine can't judge: " + report.at("reasons").at(0).get<std::string>());
    if (report.at("verdict") != "passed") {
      return tl::unexpected("fixed/ does not get all points on this machine, so that nobody can be judged: " +
                            report.at("reasons").dump() + "; see ./lab grade fixed");
    }
    write_measured(file, key, *taken);
  }
  grader.limits_ = limits_from(*taken);
  return grader;
}

std::string Grader::fingerprint(const fs::path& submission) const {
  const process::Folder fresh("lab-submission");
  if (!take_submission(submission, fresh.path())) return "";
  return lab_ + number_of(code_in(fresh.path()));
}

json Grader::grade(const fs::path& submission, const GradeOptions& options) const {
  Measured taken;
  try {
    return grade(submission, options, taken);
  } catch (const std::exception& error) {
    Case about;
    about.subject = submission.string();
    about.tier = sandbox_->tier();
    return unjudged_report(course_, about, error.what());
  }
}

json Grader::grade(const fs::path& submission, const GradeOptions& options, Measured& taken) const {
  const Clock::time_point begun = Clock::now();
  const auto say = [&](const std::string& what) {
    if (options.say) options.say(what);
  };
  Case about;
  about.subject = submission.string();
  about.tier = sandbox_->tier();
  about.seed = options.seed != 0 ? options.seed : drawn_seed();
  const auto finish = [&](auto&& make) {
    about.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    return make();
  };

  // Before, and again before a submission is refused: others may have taken the room meanwhile.
  const auto cannot_judge = [&](const std::string& why) {
    return finish([&] { return unjudged_report(course_, about, why); });
  };
  if (const std::string lack = lack_of_room(); !lack.empty()) return cannot_judge(lack);
  const auto workplace = take(submission);
  if (!workplace) {
    if (const std::string lack = lack_of_room(); !lack.empty()) return cannot_judge(lack);
    const Unmade unmade{Unmade::Why::screened, workplace.error(), {}, {}};
    about.opinions = {decided("screen", "failed", unmade.reason)};
    return finish([&] {
      return refused_report(course_, about, unmade.reason, evidence_of_refusal("screen", "the two files", unmade));
    });
  }
  const fs::path& folder = (*workplace)->path();
  about.code = code_in(folder / "submission");
  about.fingerprint = lab_ + number_of(about.code);

  say("compiling, apart from everything else ...");
  const std::size_t workers =
      options.workers != 0 ? options.workers : std::max(std::thread::hardware_concurrency(), 1u);
  const auto made = workshop_.make(folder, workers, options.screened);
  if (!made) {
    const Unmade& unmade = made.error();
    if (const std::string lack = lack_of_room(); !lack.empty()) return cannot_judge(lack);
    switch (unmade.why) {
      case Unmade::Why::screened:
        about.opinions = {decided("screen", "failed", unmade.reason)};
        return finish([&] {
          return refused_report(course_, about, "the screen refuses it: " + unmade.reason,
                                evidence_of_refusal("screen", "what the source may contain", unmade));
        });
      case Unmade::Why::does_not_compile:
        about.opinions = {decided("screen", "passed", ""), decided("build", "failed", unmade.reason)};
        about.warnings = unmade.words;
        return finish([&] {
          return refused_report(course_, about, unmade.reason,
                                evidence_of_refusal("build", "it compiles and links", unmade));
        });
      case Unmade::Why::machine:
        break;
    }
    return cannot_judge(unmade.reason);
  }
  about.warnings = made->warnings;
  about.opinions = {decided("screen", "passed", ""), decided("build", "passed", "")};

  const Hearing hearing{*sandbox_, *made, limits_, about.seed, workers, options.unwanted, options.timelines};
  Judges judges(hearing);
  std::set<std::string> all;
  Names one_thread;
  for (const Exercise& exercise : course_.index.exercises) {
    all.insert(exercise.id);
    one_thread.insert(one_thread.end(), exercise.one_thread.begin(), exercise.one_thread.end());
  }
  say("one thread, and the explorer's schedules ...");
  const auto hear = [&](const std::vector<Brief>& briefs) {
    for (Opinion& opinion : judges.hear(briefs)) about.opinions.push_back(std::move(opinion));
  };
  hear({judges.explorer(explored_claims(course_.index, all)), judges.one_thread(course_.gate, one_thread)});

  const std::set<std::string> passing = green(course_, about.opinions);
  const std::string red = red_in_words(course_.index, passing);
  if (!red.empty())
    about.opinions.push_back(skipped("model", "a generated program would only meet what is known: " + red + " failed"));
  if (passing.empty()) {
    for (const char* const judge : {"tsan", "asan", "stress"})
      about.opinions.push_back(skipped(judge, "no exercise has passed so far"));
  } else {
    // What has passed is tried again, in other processes, with other salts, and by real threads.
    say("what has passed once more, generated programs, and real threads under the sanitizers ...");
    const Names explored = explored_claims(course_.index, passing);
    const Names threaded = known_to_suite(explored, course_.suite);
    std::vector<RacingPair> seen;
    for (const Opinion& opinion : about.opinions) {
      for (const Finding& finding : opinion.findings)
        seen.insert(seen.end(), finding.races.begin(), finding.races.end());
    }
    std::vector<Brief> briefs = {judges.tsan(threaded, options.watched, seen), judges.asan(course_.gate, threaded),
                                 judges.stress(threaded), judges.explorer_again(explored)};
    if (red.empty()) briefs.insert(briefs.begin(), judges.model(options.programs));
    hear(briefs);
  }
  taken.raise_to(judges.measured());
  return finish([&] { return report_of(course_, about); });
}

tl::expected<std::unique_ptr<Workplace>, std::string> Grader::take(const fs::path& submission) const {
  const process::Folder fresh("lab-submission");
  if (const auto got = take_submission(submission, fresh.path()); !got) return tl::unexpected(got.error());
  auto workplace = std::make_unique<Workplace>(number_of(code_in(fresh.path())));
  fs::create_directory(workplace->path() / "submission");
  for (const char* const name : {header_name, source_name})
    fs::copy_file(fresh.path() / name, workplace->path() / "submission" / name);
  return workplace;
}

tl::expected<Grader::Account, std::string> Grader::replay(const fs::path& submission,
                                                          const std::string& schedule) const {
  const std::size_t dot = schedule.find('.'), slash = schedule.find('/');
  const Exercise* const exercise = course_.index.with_id(schedule.substr(0, std::min(dot, schedule.size())));
  std::size_t number = 0;
  if (dot != std::string::npos && slash != std::string::npos && dot < slash)
    (void)std::from_chars(schedule.data() + dot + 1, schedule.data() + slash, number);
  if (exercise == nullptr || number == 0 || number > exercise->explored.size())
    return tl::unexpected("the schedule " + schedule.substr(0, 40) +
                          " is none of a claim: take it from a report, 01.1/lab1-...");
  const auto workplace = take(submission);
  if (!workplace) return tl::unexpected(workplace.error());
  const auto made = workshop_.make((*workplace)->path(), 1);
  if (!made) return tl::unexpected("the submission has no program: " + made.error().reason);
  const auto decoded = explorer::decode(schedule.substr(slash + 1));
  if (!decoded) return tl::unexpected(decoded.error());
  const auto build_id = explorer::build_id_of(made->programs.explored.string());
  if (!build_id) return tl::unexpected(build_id.error());
  if (const auto same = explorer::check_build(*decoded, *build_id); !same) return tl::unexpected(same.error());

  process::Command command;
  command.words = {made->programs.explored.string(), spec_of(exercise->explored[number - 1]), "--explore-replay",
                   schedule.substr(slash + 1)};
  command.limit = limits_.explored;
  command.output_max = std::size_t{4} << 20;
  SandboxRunner runner(*sandbox_, {made->source.parent_path()}, 1);
  const Answer answer = runner.run(command);
  if (!answer.unjudged.empty()) return tl::unexpected(answer.unjudged);
  return Account{answer.ran.output, !answer.ran.ok()};
}

int status_of(const json& report) {
  const std::string verdict = report.value("verdict", "could_not_judge");
  return verdict == "passed" ? 0 : verdict == "failed" ? 1 : 3;
}

}  // namespace lab::grader
