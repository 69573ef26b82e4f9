#include "tools/grader/sandbox/confine/supervise.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "tools/grader/sandbox/confine/account.hpp"
#include "tools/grader/sandbox/confine/filter.hpp"
#include "tools/grader/sandbox/confine/view.hpp"

namespace lab::confine {
namespace {

constexpr int status_failed = 126;

// More than any program here opens, and far less than what would use up the machine's.
constexpr rlim_t files_max = 256;
// So many the kernel counts for a job that are none of its own: this process, and on old kernels bubblewrap's.
constexpr rlim_t processes_around = 2;

void record(const Plan& plan, const std::string& line) {
  const std::string whole = line + '\n';
  const ssize_t written = ::write(plan.status, whole.data(), whole.size());
  if (written != static_cast<ssize_t>(whole.size())) ::_exit(status_failed);
}

[[noreturn]] void fail(const Plan& plan, const std::string& what) {
  record(plan, "failed: " + what);
  ::_exit(status_failed);
}

[[noreturn]] void fail_by_error(const Plan& plan, const std::string& what) {
  fail(plan, what + ": " + std::strerror(errno));
}

void limit(const Plan& plan, __rlimit_resource resource, rlim_t soft, rlim_t hard, const char* what) {
  const rlimit bound{soft, hard};
  if (::setrlimit(resource, &bound) != 0) fail_by_error(plan, std::string("no limit can be set on ") + what);
}

// No limit on the address space: ThreadSanitizer reserves terabytes of it, and uses little.
void set_limits(const Plan& plan) {
  limit(plan, RLIMIT_CORE, 0, 0, "core files");
  limit(plan, RLIMIT_CPU, plan.cpu, plan.cpu + 1, "processor time");
  limit(plan, RLIMIT_FSIZE, plan.file_max, plan.file_max, "the size of files");
  limit(plan, RLIMIT_NOFILE, files_max, files_max, "open files");
  limit(plan, RLIMIT_NPROC, plan.processes_max + processes_around, plan.processes_max + processes_around, "processes");
  limit(plan, RLIMIT_MSGQUEUE, 0, 0, "message queues");
}

// Whom the kernel ends first if the machine runs out of memory.
void volunteer_for_the_end() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  (void)!::write(file, "1000", 4);
  ::close(file);
}

void set_environment(const Plan& plan) {
  ::clearenv();
  for (const std::string& entry : plan.environment) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
  }
}

[[noreturn]] void become_job(const Plan& plan, const View& view) {
  // As it was above: else its own files in /proc are root's, which volunteering has to write to.
  if (::prctl(PR_SET_DUMPABLE, 1) != 0) fail_by_error(plan, "the job can't be told from its supervisor");
  volunteer_for_the_end();
  // A group of its own, so that a signal to "my group" does not reach those around it.
  if (::setpgid(0, 0) != 0) fail_by_error(plan, "no process group can be made");
  if (plan.account != 0 && !become_account(plan.account)) {
    fail_by_error(plan, "the account " + std::to_string(plan.account) + " can't be taken on");
  }
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_DUMPABLE, 1) != 0 ||
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail_by_error(plan, "rights can't be given up");
  }
  set_limits(plan);
  set_environment(plan);
  ::umask(022);
  if (::chdir(plan.folder.c_str()) != 0) fail_by_error(plan, "the folder " + plan.folder + " can't be entered");
  for (const std::string& path : plan.readable) {
    if (::access(path.c_str(), R_OK) != 0)
      fail_by_error(
          plan, path + " can't be read by the job's account, who has to be able to pass all folders on the way to it");
  }

  std::vector<char*> words;
  for (const std::string& word : plan.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const unsigned first_closed = STDERR_FILENO + 1 + (plan.channel ? 1U : 0U);
  const std::string seen = view.restrict_this_process();
  if (!seen.empty()) fail(plan, seen);
  const std::string filtered = filter_calls({.personality = plan.personality});
  if (!filtered.empty()) fail(plan, "system calls can't be filtered: " + filtered);
  record(plan, "started");
  // All at exec, so that a failure of that can be told.
  if (::close_range(first_closed, std::numeric_limits<unsigned>::max(), CLOSE_RANGE_CLOEXEC) != 0) {
    fail_by_error(plan, "descriptors can't be closed");
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(words[0], words.data(), environ);
  fail_by_error(plan, plan.words.front() + " can't be started");
}

void end_all(uid_t account) {
  const pid_t helper = ::fork();
  if (helper == 0) {
    end_account(account);
    ::_exit(0);
  }
  // They are this process's to wait for.
  while (::wait(nullptr) > 0 || errno == EINTR) {
  }
}

}  // namespace

int supervise(const Plan& plan) {
  const View view(plan);
  // Its memory and descriptors are closed to who has the same account; and orphans come to it, not to the system.
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    fail_by_error(plan, "the supervisor can't be shielded");
  }
  const pid_t job = ::fork();
  if (job < 0) fail_by_error(plan, "no process can be made");
  if (job == 0) become_job(plan, view);
  ::close(STDIN_FILENO);
  int status = 0;
  for (;;) {
    const pid_t ended = ::wait(&status);
    if (ended == job) break;
    if (ended < 0 && errno != EINTR) fail_by_error(plan, "the job can't be waited for");
  }
  record(plan, "ended " + std::to_string(status));
  if (plan.account != 0) end_all(plan.account);
  return 0;
}

}  // namespace lab::confine
