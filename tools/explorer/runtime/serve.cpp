#include "tools/explorer/runtime/serve.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/explorer/runtime/models/process.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/rewind.hpp"

namespace lab::explorer::runtime {
namespace {

long futex(std::uint32_t* word, int operation, std::uint32_t value) {
  long result;
  register long timeout asm("r10") = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
               : "rcx", "r11", "memory");
  return result;
}

// Descriptors of ours are high up, where a program that opens files does not come, so that the rest can be closed.
constexpr int high_descriptor = 900;

// Each run reads from the beginning, and what the one before opened is closed.
void reset_files(const Files& files) {
  if (files.input < 0) return;
  close_range(3, high_descriptor - 1, 0);
  lseek(files.input, 0, SEEK_SET);
  dup2(files.input, 0);
  dup2(files.output, 1);
  dup2(files.output, 2);
}

void open_files(Files& files) {
  // Opened anew: a file's position is shared with all that inherited it.
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", files.input);
  const int input = open(path, O_RDONLY);
  files.input = fcntl(input, F_DUPFD, high_descriptor);
  files.output = fcntl(files.output, F_DUPFD, high_descriptor);
}

// What is not memory may add up over many runs in ways unforeseen.
constexpr std::uint32_t runs_in_a_process = 10'000;

[[noreturn]] void leave(Exchange& exchange) {
  exchange.leaving = true;
  end_process(0);
}

[[noreturn]] void obey(Exchange& exchange, std::uint32_t done, Body body, void* argument, bool in_process,
                       Files files) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (files.input >= 0) open_files(files);
  prepare();
  LAB_OUTLIVES_RUNS static std::uint32_t runs;
  LAB_OUTLIVES_RUNS static bool can_rewind;
  for (;;) {
    while (__atomic_load_n(&exchange.order, __ATOMIC_SEQ_CST) == done) futex(&exchange.order, FUTEX_WAIT, done);
    if (exchange.kind == Order::quit) leave(exchange);
    if (runs > 0 && (exchange.kind == Order::run_fresh || !can_rewind || runs == runs_in_a_process)) leave(exchange);
    // Memory is copied for the runs that come after the first: a replay asks for none.
    if (runs == 0) can_rewind = exchange.kind == Order::run && remember_memory();
    if (runs++ > 0) rewind_memory();
    reset_files(files);
    run(exchange, body, argument, in_process);
    // A failure may have left anything behind, a lock of the C library for one.
    const bool failed = exchange.log.verdict != Verdict::passed;
    exchange.wait_status = exit_status << 8;
    ++done;
    __atomic_store_n(&exchange.answer, done, __ATOMIC_SEQ_CST);
    futex(&exchange.answer, FUTEX_WAKE, 1);
    if (failed) leave(exchange);
  }
}

}  // namespace

void serve(Exchange& exchange, Body body, void* argument, bool in_process, Files files) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) {
    const std::uint32_t done = __atomic_load_n(&exchange.answer, __ATOMIC_SEQ_CST);
    exchange.leaving = false;
    const pid_t child = LAB_REAL(fork)();
    if (child == 0) obey(exchange, done, body, argument, in_process, files);
    int status = -1;
    if (child > 0) {
      while (waitpid(child, &status, 0) < 0) {
      }
    }
    if (exchange.kind == Order::quit) end_process(0);
    // A child that leaves has answered, or leaves the order to the next. Else the run has ended it.
    if (!exchange.leaving) {
      exchange.wait_status = status;
      __atomic_fetch_add(&exchange.answer, 1, __ATOMIC_SEQ_CST);
      futex(&exchange.answer, FUTEX_WAKE, 1);
    }
  }
}

}  // namespace lab::explorer::runtime
