#include "tools/grader/sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "tools/grader/sandbox/account.hpp"
#include "tools/grader/sandbox/commands.hpp"
#include "tools/grader/sandbox/ownership.hpp"
#include "tools/grader/sandbox/processes.hpp"
#include "tools/grader/sandbox/record.hpp"
#include "tools/process/folder.hpp"

namespace lab::grader {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// To look is to read of every process of the machine. So a job that has three quarters of its limit left is looked at
// less often; it takes longer to fill them.
constexpr auto memory_interval = std::chrono::milliseconds(50);
constexpr auto memory_interval_far = std::chrono::milliseconds(150);
// Processes are looked at one by one: what they share counts for more while they fork, but not the next time too.
constexpr int over_enough = 2;
constexpr auto account_interval = std::chrono::milliseconds(50);
constexpr auto ask_interval = process::Command::poll_interval;
// The kernel ends what was killed in milliseconds; a machine that takes so long is in trouble.
constexpr auto gone_limit = std::chrono::seconds(10);
constexpr auto helper_limit = std::chrono::seconds(10);

// Asked by the runner, far more often than it is worth to look: after each piece of output.
class Watch {
public:
  explicit Watch(const Job& job) : job_(job) {}

  void begin(pid_t session) { session_ = session; }

  bool is_over() {
    const Clock::time_point now = Clock::now();
    if (now >= ask_) {
      ask_ = now + ask_interval;
      if (job_.unwanted && job_.unwanted()) return true;
    }
    if (now >= look_) {
      const std::size_t used = resident(session_, job_.bounds.memory_max);
      look_ = now + (used < job_.bounds.memory_max / 4 ? memory_interval_far : memory_interval);
      over_ = used > job_.bounds.memory_max ? over_ + 1 : 0;
    }
    return over_memory();
  }

  pid_t session() const { return session_; }
  bool over_memory() const { return over_ >= over_enough; }

private:
  const Job& job_;
  pid_t session_ = 0;
  Clock::time_point ask_{};
  Clock::time_point look_{};
  int over_ = 0;  // looks in a row
};

Ended broken(std::string why) {
  Ended ended;
  ended.sandbox_broken = true;
  ended.why = std::move(why);
  return ended;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The runner saw the end of bubblewrap or of confine; the program's own stands in the record.
void settle(Ended& ended, const Told& told, const Job& job) {
  process::Ran& ran = ended.ran;
  if (ended.over_memory) {
    ran.cancelled = false;
    ended.why = fmt::format("it used more than the {} MiB of memory that it may", job.bounds.memory_max >> 20);
  }
  ran.started = told.started && told.failed.empty();
  if (!told.failed.empty()) {
    ended.sandbox_broken = true;
    ended.why = told.failed;
  } else if (!told.started && !ran.cancelled) {
    ended.sandbox_broken = true;
    ended.why = ran.over_time ? "the sandbox did not start within the job's time"
                              : fmt::format("the sandbox did not start: {}", first_line(ran.output));
  }
  ran.signal = 0;
  if (told.ended && WIFEXITED(*told.ended)) {
    ran.status = WEXITSTATUS(*told.ended);
  } else {
    // Without a record of its end: killed from outside, by this process, or by a system that ran out of memory.
    const int signal = told.ended ? WTERMSIG(*told.ended) : SIGKILL;
    ran.status = ran.started ? 128 + signal : 127;
    if (ran.started && !ran.over_time && !ran.cancelled && !ended.over_memory) ran.signal = signal;
  }
}

}  // namespace

struct Sandbox::Implementation {
  Options options;
  Tier tier = Tier::namespaces;
  bool root = ::geteuid() == 0;
  bool landlock = false;

  Ended run(const Job& job) const;
  Ended run_as(const Job& job, uid_t account) const;
  bool is_gone(pid_t session, uid_t account) const;
  Ended try_out() const;
};

// Nothing of the job is left, at once or soon; as root what would be is killed again.
bool Sandbox::Implementation::is_gone(pid_t session, uid_t account) const {
  const auto runs = [&] { return account != 0 ? runs_account(account) : runs_session(session); };
  const Clock::time_point until = Clock::now() + gone_limit;
  while (runs()) {
    if (Clock::now() > until) return false;
    if (account != 0) {
      process::Command end{.words = {options.confine.string(), "end", std::to_string(account)}};
      end.limit = helper_limit;
      end.secluded = true;
      (void)process::run(end);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

Ended Sandbox::Implementation::run_as(const Job& job, uid_t account) const {
  // What a grader left that was killed itself.
  if (account != 0 && !is_gone(0, account)) {
    return broken(fmt::format("processes of the account {} can't be ended: end them", account));
  }
  std::optional<process::Folder> own;
  if (tier == Tier::own_user) own.emplace("lab-job");
  const Record record;
  auto made = JobCommand::of(job, options, {tier, account, record.descriptor(), own ? own->path() : fs::path()});
  if (!made) return broken(std::move(made.error()));

  std::optional<Lent> writable;
  std::optional<Lent> lent;
  if (account != 0 && !job.writable.empty()) {
    writable.emplace(job.writable, account);
    if (!writable->failure().empty()) return broken(writable->failure());
  }
  if (own) lent.emplace(own->path(), account);

  Watch watch(job);
  process::Command command = made->command();
  command.limit = job.bounds.wall;
  command.output_max = job.bounds.output_max;
  command.on_start = [&](pid_t child) { watch.begin(child); };
  command.unwanted = [&] { return watch.is_over(); };
  Ended ended;
  ended.ran = process::run(command);
  ended.over_memory = watch.over_memory();
  settle(ended, record.told(), job);
  if (!is_gone(watch.session(), account)) {
    ended.sandbox_broken = true;
    ended.why = "processes of the job can't be ended";
  }
  return ended;
}

Ended Sandbox::Implementation::run(const Job& job) const {
  if (!root) return run_as(job, 0);
  for (;;) {
    const std::optional<Account> account = Account::take(options.first_account, options.accounts);
    if (account) return run_as(job, account->number());
    if (job.unwanted && job.unwanted()) {
      Ended ended;
      ended.ran.cancelled = true;
      return ended;
    }
    std::this_thread::sleep_for(account_interval);
  }
}

Ended Sandbox::Implementation::try_out() const {
  Job job{.words = {"/usr/bin/true"}};
  job.bounds.wall = std::chrono::seconds(30);
  try {
    Ended ended = run(job);
    if (!ended.sandbox_broken && !ended.ran.ok()) {
      ended.sandbox_broken = true;
      ended.why = fmt::format("a job that does nothing ended with status {}", ended.ran.status);
    }
    return ended;
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

Sandbox::Sandbox(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Sandbox::~Sandbox() = default;
Sandbox::Sandbox(Sandbox&&) noexcept = default;
Sandbox& Sandbox::operator=(Sandbox&&) noexcept = default;

tl::expected<Sandbox, std::string> Sandbox::open(const Options& options) {
  auto made = std::make_unique<Implementation>();
  made->options = options;
  if (::access(options.confine.c_str(), X_OK) != 0) {
    return tl::unexpected(fmt::format("the sandbox has no {}: build the target `confine`", options.confine.string()));
  }
  if (made->root) {
    if (std::string owned = owned_account(options.first_account, options.accounts); !owned.empty()) {
      return tl::unexpected(std::move(owned));
    }
  }
  if (options.landlock) {
    try {
      process::Command ask{.words = {options.confine.string(), "landlock"}, .limit = helper_limit};
      made->landlock = first_line(process::run(ask).output) != "0";
    } catch (const std::system_error& error) {
      return tl::unexpected(fmt::format("the sandbox can't start a process: {}", error.what()));
    }
  }

  std::string refusal = "namespaces are switched off";
  if (options.namespaces) {
    made->tier = Tier::namespaces;
    const Ended tried = made->try_out();
    if (!tried.sandbox_broken) return Sandbox(std::move(made));
    refusal = fmt::format("bubblewrap does not work here ({})", tried.why);
  }
  if (!options.own_user || !made->root) {
    return tl::unexpected(fmt::format(
        "there is no sandbox for students' code: {}{}; install the package bubblewrap 0.8 or later, let it make user "
        "namespaces, or run the grader as root",
        refusal, made->root ? " and accounts of its own are switched off" : ""));
  }
  made->tier = Tier::own_user;
  const Ended tried = made->try_out();
  if (!tried.sandbox_broken) return Sandbox(std::move(made));
  return tl::unexpected(fmt::format(
      "there is no sandbox for students' code: {}, and an account of its own fails too ({})", refusal, tried.why));
}

Tier Sandbox::tier() const { return implementation_->tier; }

std::vector<std::string> Sandbox::lacks() const {
  std::vector<std::string> all;
  const bool whole = implementation_->tier == Tier::namespaces;
  if (!whole) {
    all.emplace_back("The names and command lines of all the machine's processes can be read in /proc.");
    all.emplace_back("The network is refused by the filter of system calls alone.");
    all.emplace_back("Files have a limit of size each, but none of all that a job writes to its temporary folder.");
    all.emplace_back("If the grader is killed itself, what a job had started may run on until the next job.");
  }
  if (!implementation_->landlock) {
    all.emplace_back(
        whole ? "A program may start any program of the system, inside the sandbox: the kernel has no Landlock."
              : "A job reads, and writes, what every user of the machine may: the kernel has no Landlock.");
  }
  if (!implementation_->root) {
    all.emplace_back(
        "Jobs run as this user, apart from the rest by namespaces alone: the grader does not run as root.");
  }
  return all;
}

Ended Sandbox::run(const Job& job) const {
  try {
    return implementation_->run(job);
  } catch (const std::exception& error) {
    return broken(fmt::format("the machine refused the sandbox something: {}", error.what()));
  }
}

}  // namespace lab::grader
