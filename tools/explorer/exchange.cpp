#include <sys/mman.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

#include "tools/explorer/target.hpp"

namespace lab::explorer {

void refuse(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::shared_ptr<Exchange> map_exchange(int file) {
  const int flags = file < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* const memory = ::mmap(nullptr, sizeof(Exchange), PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, file, 0);
  if (memory == MAP_FAILED) refuse("mmap");
  // Fresh memory is all zeros, which is a valid Log; a Plan has defaults that are not.
  auto* const exchange = static_cast<Exchange*>(memory);
  new (&exchange->plan) Plan;
  static_cast<Outcome&>(exchange->log) = Outcome{};
  return {exchange, [](Exchange* mapped) { ::munmap(mapped, sizeof(Exchange)); }};
}

void judge_end(Log& log, int wait_status) {
  if (log.verdict != Verdict::passed || WIFEXITED(wait_status)) return;
  log.verdict = Verdict::crash;
  std::snprintf(log.message, max_message, "the process is killed by signal %d (%s)", WTERMSIG(wait_status),
                ::strsignal(WTERMSIG(wait_status)));
}

void judge_passed(Outcome& outcome, int exit_status, const Options& options) {
  if (outcome.verdict != Verdict::passed) return;
  const auto fails = [&](const std::string& sentence) {
    outcome.verdict = Verdict::assertion;
    std::snprintf(outcome.message, max_message, "%s", sentence.c_str());
  };
  if (options.exit_status >= 0 && exit_status != options.exit_status) {
    fails("the program ends with status " + std::to_string(exit_status) + ", and " +
          std::to_string(options.exit_status) + " was expected");
  } else if (options.judge) {
    if (const std::string sentence = options.judge(); !sentence.empty()) fails(sentence);
  }
}

}  // namespace lab::explorer
