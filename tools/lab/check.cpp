#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "tools/exercises/handout.hpp"
#include "tools/exercises/tempting.hpp"
#include "tools/exercises/trials.hpp"
#include "tools/explorer/account/text.hpp"
#include "tools/lab/complain.hpp"
#include "tools/lab/copy_build.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/interrupts.hpp"
#include "tools/lab/progress.hpp"
#include "tools/lab/terminal.hpp"
#include "tools/lab/timeline.hpp"
#include "tools/lab/verdicts.hpp"
#include "tools/process/content.hpp"

namespace lab::cli {

using namespace exercises;

namespace {

using Clock = std::chrono::steady_clock;

// Some fifty times what the slowest claim takes on a copy that ends, and far above that on a busy machine.
constexpr auto claim_limit = std::chrono::seconds(60);
// Of a compiler's or linker's words; the first are those that count.
constexpr std::size_t compiler_lines_max = 40;

// A failure is to fit on the screen: how many lines its lanes may have. What stands above and below them is about so
// many, a note has some more, and with fewer lines than the least nobody could follow the lanes.
std::size_t account_rows(bool with_note) {
  constexpr std::size_t others = 15, note = 6, least = 10;
  const std::size_t taken = others + (with_note ? note : 0);
  return std::max(text_height(), taken + least) - taken;
}

// One thing to try: a claim of an exercise, or the gate, which is of none.
struct Job {
  enum class Kind { explored, one_thread, gate } kind;
  std::string name;
  std::string exercise = {};
};

// Knows when nobody need wait for real threads any more: where each exercise has a claim that runs on for ever under
// the explorer. It is red by that; and with real threads the copy may run on too, until their limit.
class RunsOn {
public:
  explicit RunsOn(const std::vector<Job>& jobs) {
    for (const Job& job : jobs)
      if (!job.exercise.empty()) left_.insert(job.exercise);
  }
  void heard(const Job& job, const Finding& finding) {
    if (finding.verdict != "livelock") return;
    const std::lock_guard lock(mutex_);
    left_.erase(job.exercise);
    everywhere_ = left_.empty();
  }
  bool everywhere() const { return everywhere_; }

private:
  std::mutex mutex_;
  std::set<std::string> left_;  // guarded by mutex_
  std::atomic<bool> everywhere_{false};
};

// How far it is, on a terminal: one line, written over and gone at the end.
class Meter {
public:
  explicit Meter(std::size_t all) : all_(all), on_(::isatty(STDERR_FILENO) != 0) { show(); }
  ~Meter() {
    if (on_) fmt::print(stderr, "\r\x1b[K");
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  void step() {
    ++done_;
    show();
  }

private:
  void show() const {
    if (on_) fmt::print(stderr, "\rlab: trying the claims, {} of {} done", done_.load(), all_);
  }

  const std::size_t all_;
  const bool on_;
  std::atomic<std::size_t> done_{0};
};

// Tries the jobs, as many at once as the machine has processors; the findings in the order of the jobs.
std::vector<Finding> try_all(const std::vector<Job>& jobs, const Programs& programs, const Effort& effort) {
  std::vector<std::vector<Finding>> found(jobs.size());
  std::atomic<std::size_t> next{0};
  Meter meter(jobs.size());
  RunsOn runs_on(jobs);
  Effort while_it_ends = effort;
  while_it_ends.unwanted = [&] { return runs_on.everywhere() || (effort.unwanted && effort.unwanted()); };
  const auto work = [&] {
    Trials trials(programs, effort), real_threads(programs, while_it_ends);
    for (std::size_t at = next++; at < jobs.size(); at = next++) {
      const Job& job = jobs[at];
      switch (job.kind) {
        case Job::Kind::explored:
          found[at] = {trials.explored(job.name)};
          runs_on.heard(job, found[at].front());
          break;
        case Job::Kind::one_thread:
          if (!runs_on.everywhere()) found[at] = {real_threads.one_thread(job.name, true)};
          break;
        case Job::Kind::gate:
          if (!runs_on.everywhere()) found[at] = real_threads.all_of(job.name);
          break;
      }
      meter.step();
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t workers = std::min<std::size_t>(std::max(std::thread::hardware_concurrency(), 1u), jobs.size());
    for (std::size_t i = 1; i < workers; ++i) others.emplace_back(work);
    work();
  }
  std::vector<Finding> all;
  for (std::size_t at = 0; at < jobs.size(); ++at) {
    // Also what had been found before: a report does not depend on who was faster.
    if (runs_on.everywhere() && jobs[at].kind != Job::Kind::explored) continue;
    all.insert(all.end(), found[at].begin(), found[at].end());
  }
  return all;
}

// The header and the source, as far as they can be read, for the rules on tempting fixes.
std::string code_in(const std::filesystem::path& folder) {
  std::string code;
  for (const char* const name : submitted_files) code += process::content_of(folder / name) + '\n';
  return code;
}

// The compiler's or linker's own words, as far as they help, and none that would move the cursor.
void print_compiler_words(const std::string& words) {
  std::istringstream lines(words);
  std::size_t left_out = 0, count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (++count > compiler_lines_max) {
      ++left_out;
    } else {
      fmt::print("{}\n", explorer::clean(line));
    }
  }
  if (left_out > 0) fmt::print("... and {} lines more\n", left_out);
}

bool fails(const Index& index, const HandoutRaces& known, const Finding& finding, const Exercise& exercise) {
  const std::vector<Blame> all = blame(index, known, finding);
  return std::any_of(all.begin(), all.end(), [&](const Blame& one) { return one.exercise == exercise.id; });
}

// What is to be judged: what is asked for, or what was green and the first that is not.
std::vector<const Exercise*> asked_for(const Index& index, const std::string& which, const Progress& progress,
                                       std::string& error) {
  std::vector<const Exercise*> wanted;
  if (!which.empty() && which != "all") {
    const auto exercise = find_exercise(index, which);
    if (!exercise) {
      error = exercise.error();
      return {};
    }
    return {*exercise};
  }
  bool first_red = true;
  for (const Exercise& exercise : index.exercises) {
    const bool green = progress.is_green(exercise.id);
    if (which == "all" || green || first_red) wanted.push_back(&exercise);
    if (!green) first_red = false;
  }
  return wanted;
}

class Checking {
public:
  Checking(const Context& context, const CheckOptions& options)
      : context_(context),
        options_(options),
        workspace_(context),
        progress_(workspace_.work()),
        width_(options.width != 0 ? options.width : text_width()) {}

  Status run() {
    const Clock::time_point begun = Clock::now();
    if (auto index = workspace_.index()) {
      index_ = std::move(*index);
    } else {
      return complain(could_not_judge, index.error());
    }
    std::string error;
    const std::vector<const Exercise*> asked = asked_for(index_, options_.which, progress_, error);
    if (!error.empty()) return complain(usage, error);
    if (const auto readable = workspace_.readable(); !readable) return complain(usage, readable.error());
    if (auto known = read_handout_races((workspace_.exercises() / "handout_races.json").string())) {
      known_ = std::move(*known);
    } else {
      return complain(could_not_judge, known.error());
    }
    if (auto tempting = read_tempting((workspace_.exercises() / "tempting.json").string())) {
      tempting_ = std::move(*tempting);
    } else {
      return complain(could_not_judge, tempting.error());
    }
    // Before anything is tried: the student may go on working meanwhile.
    copy_ = code_in(workspace_.work());

    const CopyBuilt built = build_copy(context_, workspace_, unwanted(),
                                       [](const std::string& what) { fmt::print(stderr, "lab: {}\n", what); });
    switch (built.how) {
      case CopyBuilt::How::cancelled:
        return interrupted();
      case CopyBuilt::How::broken:
        rejudge();  // all are skipped
        return write_report(complain(could_not_judge, built.words), begun);
      case CopyBuilt::How::refused:
        return refused(built.words, asked, begun);
      case CopyBuilt::How::built:
        break;
    }
    if (!built.words.empty()) {
      print_compiler_words(built.words);
      fmt::print("\n");
    }

    programs_ = built.programs;
    try_and_judge(programs_, asked);
    if (is_unwanted()) return interrupted();
    try_what_else_is_mended(programs_);
    if (is_unwanted()) return interrupted();
    const Status status = present(asked);
    progress_.save();
    const Status written = write_report(status, begun);
    return page_error_.empty() ? written : complain(could_not_judge, page_error_);
  }

private:
  std::function<bool()> unwanted() const {
    return [this] { return is_unwanted(); };
  }
  bool is_unwanted() const { return Interrupts::came() || (options_.unwanted && options_.unwanted()); }

  // In watch mode nobody wants to hear of it: a newer check begins.
  Status interrupted() const {
    return Interrupts::came() ? complain(could_not_judge, "interrupted: nothing was judged") : could_not_judge;
  }

  Effort effort() const {
    Effort effort;
    effort.timeline = !options_.timeline.empty() && !options_.play;  // to play in, it is made anew
    effort.account_width = static_cast<int>(width_ > 4 ? width_ - 2 : width_);
    effort.account_rows = static_cast<int>(account_rows(false));
    effort.claim_limit = claim_limit;
    effort.unwanted = unwanted();
    return effort;
  }

  std::vector<Job> jobs_for(const std::vector<const Exercise*>& exercises) const {
    std::vector<Job> jobs{{Job::Kind::gate, index_.gate_for(exercises)}};
    for (const Exercise* exercise : exercises) {
      for (const std::string& claim : exercise->explored) jobs.push_back({Job::Kind::explored, claim, exercise->id});
      for (const std::string& claim : exercise->one_thread)
        jobs.push_back({Job::Kind::one_thread, claim, exercise->id});
    }
    return jobs;
  }

  void try_and_judge(const Programs& programs, const std::vector<const Exercise*>& asked) {
    for (const Exercise* exercise : asked) tried_.insert(exercise->id);
    findings_ = try_all(jobs_for(asked), programs, effort());
    rejudge();
  }

  // Where an exercise has just turned green, those that its repair may have mended with it.
  void try_what_else_is_mended(const Programs& programs) {
    std::vector<const Exercise*> others;
    for (const Judged& one : judged_) {
      if (one.standing != Standing::passed || progress_.is_green(one.exercise)) continue;
      for (const std::string& other : index_.with_id(one.exercise)->also_mends) {
        if (!tried_.insert(other).second || progress_.is_green(other)) continue;
        mended_by_[other] = one.exercise;
        others.push_back(index_.with_id(other));
      }
    }
    if (others.empty()) return;
    for (Finding& finding : try_all(jobs_for(others), programs, effort())) findings_.push_back(std::move(finding));
    rejudge();
    // One that is not mended was not asked for.
    for (const auto& [other, by] : mended_by_) {
      if (standing_of(other).standing != Standing::passed) tried_.erase(other);
    }
    rejudge();
  }

  void rejudge() {
    judged_ = judge(index_, known_, findings_);
    for (Judged& one : judged_)
      if (!tried_.contains(one.exercise)) one = Judged{one.exercise, Standing::skipped, {}, {}};
  }

  const Judged& standing_of(const std::string& exercise) const {
    return *std::find_if(judged_.begin(), judged_.end(), [&](const Judged& one) { return one.exercise == exercise; });
  }

  Status present(const std::vector<const Exercise*>& asked) {
    bool in_full = true;
    int red = 0, unjudged = 0;
    for (const Judged& one : judged_) {
      if (one.standing == Standing::skipped) continue;
      const Exercise& exercise = *index_.with_id(one.exercise);
      present_head(one, exercise);
      if (one.standing == Standing::failed) {
        ++red;
        if (in_full) present_failure(exercise);
        in_full = false;
      }
      if (one.standing == Standing::could_not_judge) ++unjudged;
      if (!one.also_seen.empty() && asked.size() == 1)
        fmt::print("  also seen: exercise {}\n", fmt::join(one.also_seen, ", "));
      // What could not be judged is as it was.
      if (one.standing != Standing::could_not_judge) progress_.set_verdict(one.exercise, word_of(one.standing));
    }
    if (red == 0 && unjudged == 0) {
      present_what_is_next(asked);
      write_page_of_what_holds(*asked.back());
    }
    return red > 0 ? failed : unjudged > 0 ? could_not_judge : passed;
  }

  void present_head(const Judged& one, const Exercise& exercise) const {
    const std::string name = fmt::format("{} {:<18}", exercise.id, exercise.title);
    switch (one.standing) {
      case Standing::passed: {
        const auto by = mended_by_.find(exercise.id);
        fmt::print("{} {}{}\n", paint_.strong(name), paint_.green("green"),
                   by == mended_by_.end() ? "" : fmt::format("  by the repair of {}", by->second));
        return;
      }
      case Standing::failed:
        fmt::print("{} {}{}{}\n", paint_.strong(name), paint_.red("red"),
                   progress_.is_green(exercise.id) ? ", and was green" : "",
                   one.reasons.size() > 1 ? fmt::format("  ({} failures)", one.reasons.size()) : "");
        return;
      case Standing::could_not_judge:
        // What a program has printed may be among them.
        fmt::print("{} could not be judged: {}\n", paint_.strong(name),
                   explorer::clean(fmt::format("{}", fmt::join(one.reasons, "; "))));
        return;
      case Standing::skipped:
        return;
    }
  }

  std::string advice(const Exercise& exercise, const Finding& finding) const {
    if (finding.judge == "build") return "";  // the compiler has said it
    return advice_for(tempting_, exercise.id, finding, code_in(workspace_.handout()), copy_);
  }

  // The first in full, the others in a line each.
  void present_failure(const Exercise& exercise) {
    const Finding* first = nullptr;
    std::vector<const Finding*> others;
    // Its own claims come first: they say more than one that held before.
    for (const bool own : {true, false}) {
      for (const Finding& finding : findings_) {
        if ((index_.with_claim(finding.claim) == &exercise) != own || !fails(index_, known_, finding, exercise))
          continue;
        if (first == nullptr) {
          first = &finding;
        } else {
          others.push_back(&finding);
        }
      }
    }
    if (first == nullptr) return;
    const std::string note = advice(exercise, *first);
    Finding shown = *first;
    if (!note.empty() && shown.account.size() > account_rows(true)) shown.account = shorter_account(shown);
    print_failure(workspace_, index_, exercise, shown, note, width_);
    for (const Finding* other : others)
      fmt::print("  {}\n",
                 paint_.faint(explorer::cut(
                     explorer::clean(fmt::format("also       {}: {}", other->claim, other->summary)), width_ - 2)));
    write_page(exercise, *first);
  }

  // The same schedule, found once more, which takes no longer than a run or some dozens; or as it was.
  std::vector<std::string> shorter_account(const Finding& finding) const {
    Effort again = effort();
    again.account_rows = static_cast<int>(account_rows(true));
    again.timeline = again.sampled = false;
    const Finding found = Trials(programs_, again).explored(finding.claim);
    return found.replay == finding.replay ? found.account : finding.account;
  }

  // Of the failure that is told in full.
  void write_page(const Exercise& exercise, const Finding& finding) {
    if (options_.timeline.empty()) return;
    if (finding.judge != "explorer") {
      fmt::print("  There is no timeline of it: no schedule of the explorer's shows it.\n");
    } else if (write_page_of(exercise, options_.play ? with_play(finding.claim) : finding)) {
      fmt::print("  step through it{}: {}\n", options_.play ? ", or play" : "", Workspace::shown(options_.timeline));
    }
  }

  // Nothing fails, so there is no schedule to step through; but the learner may try to find one.
  void write_page_of_what_holds(const Exercise& exercise) {
    if (!options_.play || exercise.explored.empty()) return;
    if (write_page_of(exercise, with_play(exercise.explored.front())))
      fmt::print("Try to break it: {}\n", Workspace::shown(options_.timeline));
  }

  // Whether it was written. What was judged stands all the same; that there is no page is told at the end.
  bool write_page_of(const Exercise& exercise, const Finding& shown) {
    if (Interrupts::came()) {
      page_error_ = "interrupted: no page was written, but the verdict stands";
    } else if (!shown.timeline.is_object()) {
      page_error_ = "no page could be made: " + (shown.summary.empty() ? shown.verdict : shown.summary);
    } else if (const auto written = write_timeline(options_.timeline, of_claim(exercise, shown)); !written) {
      page_error_ = written.error();
    }
    return page_error_.empty();
  }

  Finding with_play(const std::string& claim) const {
    fmt::print(stderr,
               "lab: exploring once more, and recording the schedules to play in; that takes up to a minute ...\n");
    Effort recording = effort();
    recording.timeline = recording.play = true;
    recording.sampled = false;
    recording.claim_limit += std::chrono::seconds(60);
    return Trials(programs_, recording).explored(claim);
  }

  void present_what_is_next(const std::vector<const Exercise*>& asked) const {
    if (asked.size() == 1)
      fmt::print("\nWhy it happened, and what else does not work: {}\n",
                 Workspace::shown(workspace_.page(*asked.front(), "debrief.md")));
    for (const Exercise& exercise : index_.exercises) {
      if (progress_.is_green(exercise.id)) continue;
      fmt::print("Next: {} {}, {}\n", exercise.id, exercise.title,
                 Workspace::shown(workspace_.page(exercise, "README.md")));
      return;
    }
    fmt::print("All {} exercises are green.\n", index_.exercises.size());
  }

  Status refused(const std::string& words, const std::vector<const Exercise*>& asked, Clock::time_point begun) {
    print_compiler_words(words);
    fmt::print("\n{} does not compile or link, so that nothing was tried. The first message is the one to read.\n",
               Workspace::shown(workspace_.work()));
    for (const Exercise* exercise : asked) tried_.insert(exercise->id);
    findings_ = {refusal_of(explorer::clean(words, true))};
    rejudge();
    return write_report(failed, begun);
  }

  Status write_report(Status status, Clock::time_point begun) const {
    if (options_.json.empty()) return status;
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto advise = [this](const Exercise& exercise, const Finding& finding) { return advice(exercise, finding); };
    nlohmann::json report = report_of(workspace_.work().string(), index_, known_, judged_, findings_, advise, seconds);
    report["verdict"] = status == passed ? "passed" : status == failed ? "failed" : "could_not_judge";
    const auto written = write_json(options_.json, report);
    return written ? status : complain(could_not_judge, written.error());
  }

  const Context& context_;
  const CheckOptions& options_;
  const Workspace workspace_;
  Progress progress_;
  const std::size_t width_;
  const Paint paint_;
  Programs programs_;
  Index index_;
  HandoutRaces known_;
  std::vector<TemptingRule> tempting_;
  std::string copy_;
  std::set<std::string> tried_;
  std::map<std::string, std::string> mended_by_;
  std::vector<Finding> findings_;
  std::vector<Judged> judged_;
  std::string page_error_;
};

}  // namespace

tl::expected<const Exercise*, std::string> find_exercise(const Index& index, const std::string& named) {
  const std::string id = named.size() == 1 ? "0" + named : named;
  if (const Exercise* exercise = index.with_id(id)) return exercise;
  if (const Exercise* exercise = index.with_name(named)) return exercise;
  return tl::unexpected(fmt::format("there is no exercise {}: they are {} to {} (./lab list)", named,
                                    index.exercises.front().id, index.exercises.back().id));
}

Status check(const Context& context, const CheckOptions& options) {
  // Who gives a reason to stop hears of the interrupt key himself.
  std::optional<Interrupts> interrupts;
  if (!options.unwanted) interrupts.emplace();
  return Checking(context, options).run();
}

}  // namespace lab::cli
