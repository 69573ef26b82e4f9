#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tools/exercises/spec.hpp"
#include "tools/explorer/account/schedule.hpp"
#include "tools/explorer/account/text.hpp"
#include "tools/lab/complain.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/terminal.hpp"
#include "tools/lab/timeline.hpp"
#include "tools/lab/workspace.hpp"
#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

// "01.1/lab1-...": the exercise, the number of its claim, the schedule.
struct Named {
  std::string exercise;
  std::size_t claim = 0;
  std::string schedule;
};

bool parse(const std::string& text, Named& named) {
  const std::size_t dot = text.find('.'), slash = text.find('/');
  if (dot == std::string::npos || slash == std::string::npos || dot > slash) return false;
  const char* const begin = text.data() + dot + 1;
  const char* const end = text.data() + slash;
  const auto [at, error] = std::from_chars(begin, end, named.claim);
  named.exercise = text.substr(0, dot);
  named.schedule = text.substr(slash + 1);
  return error == std::errc() && at == end && named.schedule.starts_with("lab");
}

// The report of the run and its page, as far as they are wished for, from the evidence that the program has left.
tl::expected<void, std::string> write_down(const exercises::Exercise& exercise, const std::filesystem::path& evidence,
                                           const std::string& schedule, const ProgramOptions& options) {
  const auto all = exercises::read_evidence(evidence.string());
  if (!all) return tl::unexpected(all.error());
  if (all->empty() || !all->front().timeline.is_object())
    return tl::unexpected(std::string("the run has left no report: it was not judged"));
  exercises::Finding finding = exercises::finding_of(all->front(), {});
  finding.replay = schedule;
  const nlohmann::json report = of_claim(exercise, finding);
  if (!options.json.empty()) {
    if (auto written = write_json(options.json, report); !written) return written;
  }
  if (options.timeline.empty()) return {};
  return write_timeline(options.timeline, report);
}

}  // namespace

bool is_of_claim(const std::string& replay) {
  Named named;
  return parse(replay, named);
}

Status replay_claim(const Context& context, const std::string& replay, const ProgramOptions& options) {
  if (!options.input.empty()) return complain(usage, "a claim reads nothing: leave out --stdin");
  Named named;
  if (!parse(replay, named)) return complain(usage, replay + " is no schedule of an exercise's claim");
  const Workspace workspace(context);
  const auto index = workspace.index();
  if (!index) return complain(could_not_judge, index.error());
  const auto exercise = find_exercise(*index, named.exercise);
  if (!exercise) return complain(usage, exercise.error());
  if (named.claim == 0 || named.claim > (*exercise)->explored.size()) {
    return complain(usage, fmt::format("exercise {} has {} claims that can be replayed, and no number {}",
                                       named.exercise, (*exercise)->explored.size(), named.claim));
  }
  const std::string& claim = (*exercise)->explored[named.claim - 1];
  const auto program = workspace.made() / "explored";
  if (!std::filesystem::exists(program))
    return complain(usage, fmt::format("{} was not checked yet: ./lab check {}", Workspace::shown(workspace.work()),
                                       named.exercise));

  const auto schedule = explorer::decode(named.schedule);
  if (!schedule) return complain(usage, schedule.error());
  const auto build = explorer::build_id_of(program.string());
  if (!build) return complain(could_not_judge, build.error());
  if (!explorer::check_build(*schedule, *build)) {
    return complain(usage, fmt::format("this schedule is of another state of the working copy: ./lab check {} finds "
                                       "one for the present state",
                                       named.exercise));
  }
  fmt::print(
      "{}: {}\n(All threads and files are shown here, and so the steps have other numbers than in ./lab check.)\n\n",
      (*exercise)->id, claim);
  std::fflush(stdout);
  bool told = false, another_way = false, judged = false;
  std::vector<std::string> words{program.string(), exercises::spec_of(claim), "--explore-replay", named.schedule};
  words.insert(words.end(), {"--explore-width", std::to_string(options.width != 0 ? options.width : text_width())});
  const process::Folder folder("lab-replay");
  const std::filesystem::path evidence = folder.path() / "evidence.json";
  const bool reports = !options.json.empty() || !options.timeline.empty();
  if (reports) words.insert(words.end(), {"--explore-timeline", "--evidence", evidence.string()});
  if (options.play) words.emplace_back("--explore-play");
  const process::Ran ran = process::run({words}, [&](const std::string& line) {
    // What follows is for who runs the program by hand.
    told |= line.starts_with("again: ") || line.starts_with("~~~~");
    judged |= line.starts_with("Verdict: ") || line.starts_with("passed");
    another_way |= line.find("the run ended in another way") != std::string::npos;
    if (!told && !line.starts_with("Filters: ") && !line.starts_with("Randomness seeded to: "))
      fmt::print("{}\n", explorer::clean(line, true));
  });
  if (another_way) {
    return complain(could_not_judge,
                    "the run ended in another way than the recorded one: the code depends on something besides the "
                    "schedule");
  }
  if (!ran.started || !judged)
    return complain(could_not_judge, fmt::format("{} ended with status {}", program.string(), ran.status));
  if (reports) {
    if (const auto written = write_down(**exercise, evidence, named.schedule, options); !written)
      return complain(could_not_judge, written.error());
  }
  if (!options.timeline.empty()) fmt::print("Step through it: {}\n", options.timeline.string());
  return ran.status == 0 ? passed : failed;
}

}  // namespace lab::cli
