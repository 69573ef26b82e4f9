#include "tests/explored/judge.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <thread>

#include "tests/explored/options.hpp"
#include "tests/explored/places.hpp"
#include "tools/exercises/channel.hpp"
#include "tools/exercises/spec.hpp"
#include "tools/explorer/account/lanes.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/restrict.hpp"
#include "tools/explorer/report_of.hpp"
#include "tools/explorer/timeline_of.hpp"

namespace lab::test {
namespace {

using namespace explorer;
using namespace exercises;
using SteadyClock = std::chrono::steady_clock;

// In a run the machine's clocks are the explorer's: they move by a time-out that nothing else could come before, or by
// the few nanoseconds of being read.
constexpr auto only_a_time_out_takes = std::chrono::seconds(1);

class Explored final : public Trial {
public:
  void together(const std::string&, const std::vector<Body>& bodies) override {
    std::vector<std::thread> threads;
    threads.reserve(bodies.size());
    for (const Body& body : bodies) threads.emplace_back(body);
    for (std::thread& thread : threads) thread.join();
  }
  bool explored() const override { return true; }
  int round() const override { return 1; }
  bool ended_by_time() const override { return SteadyClock::now() - begun_ > only_a_time_out_takes; }

private:
  const SteadyClock::time_point begun_ = SteadyClock::now();
};

// The most that one search of one claim may take: far above what the longest does, so that it is an error to meet it.
constexpr auto search_time_max = std::chrono::minutes(5);
constexpr std::uint64_t search_runs_max = 10'000'000;

Options searching(const Claim& claim, Method method, unsigned bound) {
  Options options;
  options.method = method;
  options.bound = bound;
  options.runs = search_runs_max;
  options.samples = 0;
  options.time = search_time_max;
  options.time_outs = claim.traits.early_time_outs;
  options.first_race = claim.traits.first_race;
  if (claim.traits.own_process) options.isolation = Options::Isolation::process;
  return options;
}

// One exploration of a claim, all its searches.
struct Exploration {
  Findings findings;  // of the search that failed, else of the last
  Options options;    // of that search
  std::uint64_t runs = 0;
  bool exhaustive = true;
  std::string bound;  // what was exhausted
};

bool failed(const Findings& findings) { return findings.verdict != Verdict::passed; }

const std::string& this_program() {
  static const std::string path = std::filesystem::read_symlink("/proc/self/exe").string();
  return path;
}

template <class T>
T required(tl::expected<T, std::string> result) {
  if (!result) FAIL(result.error());
  return std::move(*result);
}

// The same lines for a page, the main thread's with them, and where the run fails: on a page there is room.
bool is_shown(const ExplainedStep& step) {
  return step.failing || std::filesystem::path(step.place.file).stem() == "session_manager";
}

// Somebody waits for the page.
constexpr std::chrono::seconds play_time_max{30};

class Explorer {
public:
  explicit Explorer(const Claim& claim) : claim_(claim) {}

  Exploration explore_all() {
    const ExploredOptions& asked = explored_options();
    Exploration all;
    if (claim_.traits.one_schedule) {
      if (search(all, searching(claim_, Method::deviations, 0), true)) all.bound = "the first schedule";
      return all;
    }
    if (!search(all, searching(claim_, Method::deviations, asked.deviations), true)) return all;
    all.bound = fmt::format("{} deviations", asked.deviations);
    const bool two_threads = all.findings.threads == 3;  // and the main one
    if (two_threads && asked.preemptions > 0 && !all.findings.complete) {
      if (!search(all, searching(claim_, Method::preemptions, asked.preemptions), true)) return all;
      int completed = all.findings.completed;
      if (asked.seconds > 0 && !all.findings.complete) {
        Options higher = searching(claim_, Method::preemptions, no_bound);
        higher.time = std::chrono::seconds(asked.seconds);
        if (!search(all, higher, false)) return all;
        completed = std::max(completed, all.findings.completed);
      }
      all.bound += fmt::format(" and {} preemptions", completed);
    }
    if (all.findings.complete) all.bound = "all schedules";
    if (asked.samples > 0 && !all.findings.complete) {
      Options sampling = searching(claim_, Method::pos, 0);
      sampling.runs = sampling.samples = asked.samples;
      (void)search(all, sampling, false);
    }
    return all;
  }

  Replayed replayed(const Plan& plan) const { return replay(scenario_, plan); }

  // The report with what a page is made of. Without a schedule it shows the plainest.
  nlohmann::json timeline(const Report& report, const Options& options, const Plan* schedule) const {
    const Subject subject{this_program(), claim_.name, {}, [this](const Plan& plan) { return replayed(plan); }};
    TimelineWanted wanted;
    wanted.schedule = schedule;
    wanted.shown = is_shown;
    if (explored_options().play) {
      wanted.play = [this] { return isolated(scenario_); };
      wanted.limits.time = play_time_max;
    }
    return required(timeline_of(report, subject, options, wanted));
  }

private:
  // False: it failed, or it must exhaust its bound and did not.
  bool search(Exploration& all, const Options& options, bool must_end) {
    all.findings = explore(scenario_, options);
    all.options = options;
    const bool found = failed(all.findings);
    all.runs += found ? all.findings.runs_until_found : all.findings.runs;
    if (found) {
      all.exhaustive = false;
      return false;
    }
    if (!must_end || all.findings.exhaustive || all.findings.complete) return true;
    all.exhaustive = false;
    return false;
  }

  const Claim& claim_;
  const std::function<void()> scenario_ = [this] {
    Explored trial;
    if (const Broken broken = claim_.run(trial)) fail(broken->c_str());
  };
};

EvidencePlace evidence_of(const Place& place) {
  return place.file.empty() ? EvidencePlace{} : EvidencePlace{location(place), place.function};
}

// As many as there is room for on a screen, with what else stands there.
constexpr std::size_t account_steps_max = 16;
constexpr std::size_t account_steps_min = 4;

// The schedule as whoever wrote the implementation has to see it: that file's lines, and not the main thread's, which
// only looks at what the others have left. Where that is more than so many rows, fewer steps are shown, as far as it
// can be followed with them.
std::vector<std::string> account_of(const Replayed& run, Names& names, std::size_t width, std::size_t rows) {
  const auto is_own = [](const ExplainedStep& step) {
    return step.thread != 0 && std::filesystem::path(step.place.file).stem() == "session_manager";
  };
  const Explanation own = restricted(explain(run.exchange->log, names), is_own);
  std::vector<std::string> lines;
  for (std::size_t steps = account_steps_max; steps >= account_steps_min; --steps) {
    std::istringstream text(lanes(own, "", width, steps, Places::line));
    lines.clear();
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    if (rows == 0 || lines.size() <= rows) break;
  }
  return lines;
}

void add_races(Evidence& evidence, const std::vector<Race>& races, Names& names) {
  for (const Race& race : races) {
    evidence.races.push_back({evidence_of(place_in_implementation(race.frames, race.frame_count, names)),
                              evidence_of(place_in_implementation(&race.earlier.pc, 1, names))});
  }
}

// What failed, in one sentence: the run's own, or the first two places that race.
std::string summary_of(const Findings& findings, const std::vector<EvidenceRace>& races) {
  if (findings.verdict == Verdict::passed) return "";
  if (findings.verdict != Verdict::data_race || races.empty()) return findings.message;
  const auto told = [](const EvidencePlace& place) {
    return place.location.empty() ? "code outside of session_manager.cpp"
                                  : fmt::format("{} ({})", place.location, place.function);
  };
  return fmt::format("data race: {} and {} access the same memory without an order", told(races.front().earlier),
                     told(races.front().later));
}

Evidence evidence_of(const Claim& claim, const Exploration& exploration, const Replayed* failing, Names& names) {
  const Findings& findings = exploration.findings;
  Evidence evidence;
  evidence.test = claim.name;
  evidence.tags = claim.tags;
  evidence.verdict = verdict_word(findings.verdict);
  evidence.runs = exploration.runs;
  evidence.exhaustive = exploration.exhaustive;
  evidence.threads = findings.threads > 0 ? findings.threads - 1 : 0;
  evidence.preemptions = findings.preemptions;
  evidence.deviations = findings.deviations;
  evidence.bound = exploration.bound;
  if (failing != nullptr) {
    for (const InterruptedAt& at : places_of(*failing->exchange, findings.verdict, names))
      evidence.places.push_back(evidence_of(at.place));
    if (!evidence.places.empty()) {
      evidence.location = evidence.places.front().location;
      evidence.function = evidence.places.front().function;
    }
  }
  add_races(evidence, findings.races, names);
  evidence.summary = summary_of(findings, evidence.races);
  return evidence;
}

bool alike(const Findings& a, const Findings& b) {
  return a.verdict == b.verdict && a.runs == b.runs && a.message == b.message && a.state == b.state &&
         a.preemptions == b.preemptions && a.deviations == b.deviations;
}

std::string told(const Findings& findings) {
  std::string text = fmt::format("{} in run {}, with {} preemptions and {} deviations, at the state {:x}: {}",
                                 verdict_word(findings.verdict), findings.runs, findings.preemptions,
                                 findings.deviations, findings.state, findings.message);
  for (const std::string& limit : findings.limits) text += "\n" + limit;
  return text;
}

}  // namespace

void collect(const exercises::Evidence& evidence) {
  static std::size_t count = 0;
  exercises::evidence_sink().put(count++, evidence);
}

namespace {

// The account of a run, whose claim's name stands for a program.
void print_account(const Claim& claim, Report report, const std::string& replay) {
  report.replay.clear();  // the command below is this program's own
  fmt::print("{}", to_text(report, static_cast<std::size_t>(explored_options().width)));
  if (!replay.empty()) fmt::print("again: {} '{}' --explore-replay {}\n", this_program(), spec_of(claim.name), replay);
}

// One run of the claim under a given schedule, step by step.
void replay_claim(const Claim& claim, const std::string& string) {
  const Schedule schedule = required(decode(string));
  if (const auto same = check_build(schedule, required(build_id_of(this_program()))); !same) FAIL(same.error());
  const Explorer explorer(claim);
  const Replayed run = explorer.replayed(recorded(plan_of(schedule)));
  const Subject subject{this_program(), this_program(), {}, {}};
  const Report report = required(report_of(subject, run));
  print_account(claim, report, string);
  if (explored_options().timeline) {
    const Plan plan = plan_of(schedule);
    Evidence evidence;
    evidence.test = claim.name;
    evidence.tags = claim.tags;
    evidence.verdict = verdict_word(report.verdict);
    evidence.summary = report.message;
    evidence.timeline = explorer.timeline(report, searching(claim, Method::deviations, 0), &plan);
    collect(evidence);
  }
  if (!is_state_at_end(run.exchange->log.state, schedule.final_state))
    FAIL("the run ended in another way than the recorded one: the claim depends on something besides the schedule");
  CHECK(std::string(verdict_word(report.verdict)) == "passed");
}

}  // namespace

void explore_claim(const Claim& claim) {
  const ExploredOptions& asked = explored_options();
  if (!asked.replay.empty()) return replay_claim(claim, asked.replay);
  const auto begun = SteadyClock::now();
  Explorer explorer(claim);
  const Exploration exploration = [&] {
    try {
      return explorer.explore_all();
    } catch (const RunsEnded& ended) {
      collect({.test = claim.name, .tags = claim.tags, .verdict = "crash", .summary = ended.what()});
      throw;
    }
  }();
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begun).count();
  for (int i = 1; i < asked.repeat; ++i) {
    const Exploration again = Explorer(claim).explore_all();
    INFO(fmt::format("exploration {} of {} came to another end:\n{}\nand not, as the first, to:\n{}", i + 1,
                     asked.repeat, told(again.findings), told(exploration.findings)));
    REQUIRE(alike(again.findings, exploration.findings));
  }

  const Findings& findings = exploration.findings;
  static const std::unique_ptr<Symbols> names = required(Symbols::open(this_program()));
  std::optional<Replayed> failing;
  if (findings.plan != nullptr) failing = explorer.replayed(recorded(*findings.plan));

  Evidence evidence = evidence_of(claim, exploration, failing ? &*failing : nullptr, *names);
  if (failing) {
    evidence.replay = encode(schedule_of(*findings.plan, required(build_id_of(this_program())), findings.state));
    if (asked.timeline) {
      const Subject subject{this_program(), claim.name, {}, [&](const Plan&) { return *failing; }};
      const Report report = required(report_of(subject, exploration.options, findings));
      evidence.timeline = explorer.timeline(report, exploration.options, findings.plan.get());
    }
    if (asked.account_width > 0)
      evidence.account =
          account_of(*failing, *names, static_cast<std::size_t>(asked.account_width), asked.account_rows);
  }
  if (asked.timeline && asked.play && findings.verdict == Verdict::passed && exploration.exhaustive) {
    const Subject subject{this_program(), claim.name, {}, [&](const Plan& plan) { return explorer.replayed(plan); }};
    evidence.timeline =
        explorer.timeline(required(report_of(subject, exploration.options, findings)), exploration.options, nullptr);
  }
  evidence.seconds = seconds;
  collect(evidence);

  if (failed(findings)) {
    const std::string where =
        evidence.location.empty() ? "" : fmt::format(", at {} ({})", evidence.location, evidence.function);
    fmt::print("{}: {}; run {}, {} preemptions, {} deviations{}\n", evidence.verdict, evidence.summary,
               exploration.runs, findings.preemptions, findings.deviations, where);
    if (!asked.brief) {
      const Subject subject{this_program(), this_program(), {}, [&](const Plan&) { return *failing; }};
      print_account(claim, required(report_of(subject, exploration.options, findings)), evidence.replay);
    }
  } else if (!exploration.exhaustive) {
    fmt::print("could not judge: the search stopped after {} runs at its limit of time or runs\n", exploration.runs);
  } else {
    fmt::print("passed: {} in {} runs with {} threads{}\n", exploration.bound, exploration.runs, evidence.threads,
               asked.samples > 0 && !findings.complete && !claim.traits.one_schedule
                   ? fmt::format(", {} of them sampled", asked.samples)
                   : "");
  }
  std::fflush(stdout);
  CHECK(evidence.verdict == "passed");
  CHECK((failed(findings) || exploration.exhaustive));
}

}  // namespace lab::test
