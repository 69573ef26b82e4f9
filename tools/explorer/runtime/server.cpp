// A whole program under the explorer. It is taken over before its first instruction: the C library's start routine is
// replaced, and instead of starting the program it forks a child that waits for orders and starts the program anew for
// each, rewinding its memory in between. A run that ends the child, or breaks it, costs a new one.
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/heap.hpp"
#include "tools/explorer/runtime/models/process.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/rewind.hpp"
#include "tools/explorer/runtime/run.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer::runtime {
namespace {

using Main = int (*)(int, char**, char**);
using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);

struct Program {
  Start start;
  Main main;
  int argc;
  char** argv;
  void (*init)();
  void (*fini)();
  void (*rtld_fini)();
  void* stack_end;
};
Program program;

long futex(std::uint32_t* word, int operation, std::uint32_t value) {
  long result;
  register long timeout asm("r10") = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
               : "rcx", "r11", "memory");
  return result;
}

// Registered before anything of the program is: the last thing that exit() calls.
void at_last() {
  if (current == nullptr) return;
  current = nullptr;
  fflush(nullptr);
  end_run();
}

int explored_main(int argc, char** argv, char** environment) {
  const int status = program.main(argc, argv, environment);
  const Entry entry;
  main_returned(entry.thread(), status);
  return status;
}

void start_program(void*) {
  atexit(at_last);
  program.start(explored_main, program.argc, program.argv, program.init, program.fini, program.rtld_fini,
                program.stack_end);
}

// Descriptors of ours are high up, where a program that opens files does not come, so that the rest can be closed.
constexpr int high_descriptor = 900;

struct Files {
  int input;
  int output;
};

// Each run reads from the beginning, and what the one before opened is closed.
void reset_files(const Files& files) {
  close_range(3, high_descriptor - 1, 0);
  lseek(files.input, 0, SEEK_SET);
  dup2(files.input, 0);
  dup2(files.output, 1);
  dup2(files.output, 2);
}

// Calls that may be of many runs: what is not memory may add up in ways unforeseen.
constexpr std::uint32_t runs_in_a_process = 10'000;

[[noreturn]] void leave(Exchange& exchange) {
  exchange.leaving = true;
  LAB_REAL(_exit)(0);
}

[[noreturn]] void obey(Exchange& exchange, std::uint32_t done, Files files) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Opened anew: a file's position is shared with all that inherited it.
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", files.input);
  const int input = open(path, O_RDONLY);
  files.input = fcntl(input, F_DUPFD, high_descriptor);
  files.output = fcntl(files.output, F_DUPFD, high_descriptor);
  prepare();
  const bool can_rewind = remember_memory();
  LAB_OUTLIVES_RUNS static std::uint32_t runs;
  for (;;) {
    while (__atomic_load_n(&exchange.order, __ATOMIC_SEQ_CST) == done) futex(&exchange.order, FUTEX_WAIT, done);
    if (exchange.kind == Order::quit) leave(exchange);
    if (runs > 0 && (exchange.kind == Order::run_fresh || !can_rewind || runs == runs_in_a_process)) leave(exchange);
    if (runs++ > 0) rewind_memory();
    reset_files(files);
    run(exchange, start_program, nullptr, false);
    // A failure may have left anything behind, a lock of the C library for one.
    const bool failed = exchange.log.verdict != Verdict::passed;
    exchange.wait_status = exit_status << 8;
    ++done;
    __atomic_store_n(&exchange.answer, done, __ATOMIC_SEQ_CST);
    futex(&exchange.answer, FUTEX_WAKE, 1);
    if (failed) leave(exchange);
  }
}

[[noreturn]] void serve(Exchange& exchange, int input, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) {
    const std::uint32_t done = __atomic_load_n(&exchange.answer, __ATOMIC_SEQ_CST);
    exchange.leaving = false;
    const pid_t child = LAB_REAL(fork)();
    if (child == 0) obey(exchange, done, {input, output});
    int status = -1;
    if (child > 0) {
      while (waitpid(child, &status, 0) < 0) {
      }
    }
    if (exchange.kind == Order::quit) LAB_REAL(_exit)(0);
    // A child that leaves has answered, or leaves the order to the next. Else the run has ended it.
    if (!exchange.leaving) {
      exchange.wait_status = status;
      __atomic_fetch_add(&exchange.answer, 1, __ATOMIC_SEQ_CST);
      futex(&exchange.answer, FUTEX_WAKE, 1);
    }
  }
}

}  // namespace
}  // namespace lab::explorer::runtime

using namespace lab::explorer;
using namespace lab::explorer::runtime;

LAB_INTERPOSE int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                                    void (*rtld_fini)(), void* stack_end) {
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  const char* const exchange_words = getenv(exchange_variable);
  int memory, input, output;
  if (exchange_words == nullptr || sscanf(exchange_words, "%d,%d,%d", &memory, &input, &output) != 3)
    return start(main, argc, argv, init, fini, rtld_fini, stack_end);
  unsetenv(exchange_variable);
  void* const shared = mmap(nullptr, sizeof(Exchange), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (shared == MAP_FAILED) {
    static constexpr char message[] = "lab: the memory shared with the explorer cannot be mapped\n";
    (void)!write(2, message, sizeof message - 1);
    LAB_REAL(_exit)(3);
  }
  close(memory);
  program = {start, main, argc, argv, init, fini, rtld_fini, stack_end};
  serve(*static_cast<Exchange*>(shared), input, output);
}
