#include "tools/lab/explore.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>

#include "tools/explorer/report_of.hpp"
#include "tools/lab/complain.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/terminal.hpp"
#include "tools/lab/timeline.hpp"

namespace lab::cli {

using namespace explorer;
using nlohmann::json;

namespace {

Status status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return passed;
    case Verdict::nondeterministic:
    case Verdict::could_not_judge:
      return could_not_judge;
    default:
      return failed;
  }
}

// As a shell finds it: a name without a slash is looked for in PATH, but here the folder at hand comes first, since a
// program that was just built lies there.
tl::expected<std::filesystem::path, std::string> find_program(const std::string& word) {
  const std::filesystem::path path = std::filesystem::absolute(word);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return tl::unexpected(fmt::format("there is no program {}", word));
  if (!std::filesystem::is_regular_file(path, error) || ::access(path.c_str(), X_OK) != 0)
    return tl::unexpected(fmt::format("{} can't be executed: name a program that ./lab cc or ./lab cxx made", word));
  return path;
}

tl::expected<explorer::Program, std::string> make_program(const ProgramOptions& options) {
  const auto path = find_program(options.words.at(0));
  if (!path) return tl::unexpected(path.error());
  auto input = read_input(options.input);
  if (!input) return tl::unexpected(input.error());
  return explorer::Program{*path, {options.words.begin() + 1, options.words.end()}, std::move(*input)};
}

Status present(const ProgramOptions& options, const explorer::Program& program, const Report& report,
               const Options& how, const Plan* schedule) {
  fmt::print("{}", to_text(report, options.width != 0 ? options.width : text_width()));
  json whole;
  if (!options.timeline.empty()) {
    auto timeline = timeline_of_program(program, options.words[0], report, how, schedule,
                                        options.play ? std::optional<PlayLimits>(PlayLimits{}) : std::nullopt);
    if (!timeline) return complain(could_not_judge, timeline.error());
    whole = std::move(*timeline);
    if (const auto written = write_timeline(options.timeline, whole); !written)
      return complain(could_not_judge, written.error());
    fmt::print("Step through it: {}\n", options.timeline.string());
  } else if (!options.json.empty()) {
    whole = to_json(report);
  }
  if (!options.json.empty()) {
    if (const auto written = write_json(options.json, whole); !written)
      return complain(could_not_judge, written.error());
  }
  return status_of(report.verdict);
}

}  // namespace

Status explore_program(const ProgramOptions& options, const Options& how) {
  const auto program = make_program(options);
  if (!program) return complain(usage, program.error());
  try {
    const Findings findings = explore(*program, how);
    const auto report = report_of(subject_of(*program, options.words[0]), how, findings);
    if (!report) return complain(usage, report.error());
    return present(options, *program, *report, how, findings.plan.get());
  } catch (const std::invalid_argument&) {
    return complain(usage, fmt::format("{} can't be explored: build it with ./lab cc or ./lab cxx", options.words[0]));
  }
}

Status replay_program(const ProgramOptions& options, const std::string& string) {
  const auto schedule = decode(string);
  if (!schedule) return complain(usage, schedule.error());
  const auto program = make_program(options);
  if (!program) return complain(usage, program.error());
  const auto build_id = build_id_of(program->path.string());
  if (!build_id) return complain(usage, build_id.error());
  if (const auto same = check_build(*schedule, *build_id); !same) return complain(usage, same.error());
  try {
    Plan plan = plan_of(*schedule);
    plan.trace = true;
    const Replayed run = replay(*program, plan);
    const auto report = report_of(subject_of(*program, options.words[0]), run);
    if (!report) return complain(usage, report.error());
    Options how;
    how.time_outs = plan.time_outs;
    how.spurious = plan.spurious;
    how.every_access = plan.every_access;
    how.seed = plan.program_seed;
    const Status status = present(options, *program, *report, how, &plan);
    if (!is_state_at_end(run.exchange->log.state, schedule->final_state))
      return complain(
          could_not_judge,
          "the run ended in another way than the recorded one: the program depends on something besides the "
          "schedule (its arguments, its input, the time, a file)");
    return status;
  } catch (const std::invalid_argument&) {
    return complain(usage, fmt::format("{} can't be replayed: build it with ./lab cc or ./lab cxx", options.words[0]));
  }
}

}  // namespace lab::cli
