#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tools/explorer/report_of.hpp"
#include "tools/lab/commands.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/terminal.hpp"
#include "tools/lab/timeline.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

using nlohmann::json;

// Deviations up to which two updates are explored: on fixed everything up to there is run, in a moment.
constexpr unsigned explained_bound = 3;

// The samples' figures of one implementation; null where its program could not be run.
json figures_of(const Context& context, const std::string& implementation, int rounds) {
  const auto program = context.root / "build/release/tools/demo" / ("demo_" + implementation);
  std::string output;
  const process::Ran outcome =
      process::run({{program.string(), std::to_string(rounds)}, {}}, [&](const std::string& line) { output += line; });
  json figures = outcome.ok() ? json::parse(output, nullptr, false) : json();
  if (figures.is_array()) return figures;
  fmt::print(stderr, "lab: {} ended with status {} instead of its figures: {}\n", program.string(), outcome.status,
             output);
  return nullptr;
}

std::int64_t median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string range(const json& sample) {
  const auto values = sample["values"].get<std::vector<std::int64_t>>();
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least == *most) return fmt::format("{}", *least);
  return fmt::format("{} ({}-{})", median(values), *least, *most);
}

std::string losses(const json& sample, int rounds) {
  return fmt::format("{} of {}", sample["losses"].get<int>(), rounds);
}

void print_sample(std::string_view title, std::string_view expected, std::string_view buggy, std::string_view fixed,
                  std::string_view buggy_losses, std::string_view fixed_losses) {
  fmt::print("{:<29} {:>13}  {:>19}  {:>11}  {:>9}  {:>9}\n", title, expected, buggy, fixed, buggy_losses,
             fixed_losses);
}

// A thousand runs, most of which fail and end a process: two seconds, and however much more on a busy machine.
explorer::PlayLimits all_orders() {
  explorer::PlayLimits limits;
  limits.time = std::chrono::minutes(10);
  return limits;
}

struct Explained {
  explorer::Report report;
  json whole;  // with a timeline, if one is wanted
};

// Two updates of one session at the same time, under the explorer.
tl::expected<Explained, std::string> explored(const Context& context, const std::string& implementation,
                                              bool timeline) {
  const explorer::Program program{
      context.root / "build/release/tools/demo" / ("two_updates_" + implementation), {}, ""};
  // As the user can type it from here.
  const std::string called = std::filesystem::proximate(program.path).string();
  explorer::Options options;
  options.bound = explained_bound;
  try {
    const explorer::Findings findings = explorer::explore(program, options);
    const auto report = report_of(explorer::subject_of(program, called), options, findings);
    if (!report) return tl::unexpected(report.error());
    if (!timeline) return Explained{*report, to_json(*report)};
    auto whole = timeline_of_program(program, called, *report, options, findings.plan.get(), all_orders());
    if (!whole) return tl::unexpected(whole.error());
    return Explained{*report, std::move(*whole)};
  } catch (const std::exception& error) {
    return tl::unexpected(fmt::format("{}: {}", called, error.what()));
  }
}

// The explained bug as pages, each with a link to the other.
tl::expected<void, std::string> write_timelines(const std::filesystem::path& folder, const json& buggy,
                                                const json& fixed) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return tl::unexpected(fmt::format("can't make the folder {}: {}", folder.string(), error.message()));
  if (auto written = write_timeline(folder / "buggy.html", buggy, {{"fixed.html", "The same on fixed"}}); !written)
    return written;
  return write_timeline(folder / "fixed.html", fixed, {{"buggy.html", "The same on buggy"}});
}

// One bug of buggy explained, after fixed has been shown to be free of it. Null where it could not be.
json explain_one_bug(const Context& context, const std::filesystem::path& folder) {
  fmt::print(
      "\nThe losses above are luck. The explorer needs none: it runs two updates of one session, a key each, under\n"
      "schedules that it chooses, until one of them fails.\n\n");
  std::fflush(stdout);
  const auto buggy = explored(context, "buggy", !folder.empty());
  const auto fixed = explored(context, "fixed", !folder.empty());
  for (const auto& one : {buggy, fixed}) {
    if (one) continue;
    fmt::print(stderr, "lab: {}\n", one.error());
    return nullptr;
  }
  fmt::print("On fixed: {}. {}\n\nOn buggy:\n{}", explorer::verdict_sentence(fixed->report),
             explorer::extent_sentence(fixed->report), explorer::to_text(buggy->report, text_width()));
  if (!folder.empty()) {
    if (const auto written = write_timelines(folder, buggy->whole, fixed->whole); !written) {
      fmt::print(stderr, "lab: {}\n", written.error());
      return nullptr;
    }
    fmt::print("\nStep through it, and try to break either: {}, {}\n", (folder / "buggy.html").string(),
               (folder / "fixed.html").string());
  }
  return {{"buggy", buggy->whole}, {"fixed", fixed->whole}};
}

}  // namespace

Status demo(const Context& context, const DemoOptions& options) {
  fmt::print("Running {} rounds of each sample on buggy and on fixed ...\n\n", options.rounds);
  std::fflush(stdout);
  const json buggy = figures_of(context, "buggy", options.rounds);
  const json fixed = figures_of(context, "fixed", options.rounds);
  if (buggy.is_null() || fixed.is_null()) return could_not_judge;

  print_sample("", "", "", "", "loss shown in", "");
  print_sample("sample", "expected", "buggy", "fixed", "buggy", "fixed");
  int fixed_losses = 0;
  for (std::size_t i = 0; i < buggy.size(); ++i) {
    const json& sample = buggy[i];
    const std::string expected = fmt::format("{}{} {}", sample["at_most"].get<bool>() ? "<= " : "",
                                             sample["expected"].get<std::int64_t>(), sample["unit"].get<std::string>());
    print_sample(sample["title"].get<std::string>(), expected, range(sample), range(fixed[i]),
                 losses(sample, options.rounds), losses(fixed[i], options.rounds));
    fixed_losses += fixed[i]["losses"].get<int>();
  }
  fmt::print(
      "\nA figure is the median of the rounds, with the least and the most where they differ.\n"
      "\"As written\" is exactly what the document has: threads start one after the other, so that the first has "
      "often\n"
      "ended before the second begins, and each rewrites one key, so that ten keys survive almost any loss. A common\n"
      "start and a key for each update show what is lost. Which line loses it: docs/reference/bugs.md.\n");

  const json explained = explain_one_bug(context, options.timeline);
  if (explained.is_null()) return could_not_judge;
  const bool as_promised = explained["buggy"]["verdict"] == "assertion" && explained["fixed"]["verdict"] == "passed";
  if (!as_promised) fmt::print("\nThe explorer did not find what it should: that is a bug of the lab's.\n");

  const Status status = fixed_losses == 0 && as_promised ? passed : failed;
  if (fixed_losses > 0) fmt::print("\nfixed lost something in {} rounds: that is a bug of the lab's.\n", fixed_losses);
  if (!options.json.empty()) {
    const json report = {{"schema", 1},
                         {"verdict", status == passed ? "passed" : "failed"},
                         {"rounds", options.rounds},
                         {"buggy", buggy},
                         {"fixed", fixed},
                         {"explained", explained}};
    if (const auto written = write_json(options.json, report); !written) {
      fmt::print(stderr, "lab: {}\n", written.error());
      return could_not_judge;
    }
  }
  return status;
}

}  // namespace lab::cli
