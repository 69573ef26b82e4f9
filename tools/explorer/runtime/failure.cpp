#include "tools/explorer/runtime/failure.hpp"

#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/heap.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

void (*when_over)();

namespace {

bool in_run;  // between the first wind_watchdog and the end of the run
constexpr std::uint64_t nothing_seen = ~std::uint64_t{0};
std::uint64_t progress_seen, progress_seen_by_wall;  // at the last tick of either clock

[[noreturn]] void over() {
  in_run = false;
  when_over();
  __builtin_unreachable();
}

const char* signal_words(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    case SIGILL:
      return "illegal instruction";
    case SIGABRT:
      return "abort";
    case SIGSYS:
      return "forbidden system call";
    default:
      return "signal";
  }
}

Thread* whose_stack(Address stack_pointer) {
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (threads[i].alive && fiber_owns(threads[i], stack_pointer)) return &threads[i];
  return nullptr;
}

std::uint64_t progress() { return state.log->accesses + state.log->point_count + state.events; }

// Whether nothing has happened since the last tick.
bool stands_still(std::uint64_t& seen) {
  const std::uint64_t now = progress();
  if (now == seen) return true;
  seen = now;
  return false;
}

void on_signal(int number, siginfo_t* info, void* context) {
  const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (!in_run) {
    if (number == SIGVTALRM || number == SIGALRM) return;  // the watchdog of a run that is over
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  Thread* const me = whose_stack(static_cast<Address>(registers[REG_RSP]));
  if (number == SIGVTALRM) {
    if (!stands_still(progress_seen)) return;
    set_current(nullptr);
    fail(me, 0, Verdict::livelock, "the code runs on without any access to memory that the explorer sees");
  }
  if (number == SIGALRM && !stands_still(progress_seen_by_wall)) return;
  set_current(nullptr);
  if (number == SIGALRM)
    fail(me, 0, Verdict::could_not_judge,
         "the run stands still in a call to the system that the explorer does not model (a read that waits, say)");
  // the address of the next instruction, as a return address would be
  const auto pc = static_cast<Address>(registers[REG_RIP]) + 1;
  if (number == SIGABRT) fail(me, pc, Verdict::crash, "the program aborts");
  fail(me, pc, Verdict::crash, "%s at address %p", signal_words(number), info->si_addr);
}

}  // namespace

void fail(Thread* me, Address pc, Verdict verdict, const char* format, ...) {
  set_current(nullptr);
  Log& log = *state.log;
  log.verdict = verdict;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(log.message, sizeof log.message, format, arguments);
  va_end(arguments);
  if (me != nullptr) {
    complete_write(*me);
    log.failing_thread = me->id;
    log.frame_count = copy_frames(*me, pc, log.frames);
    record(*me, Operation::failure, verdict == Verdict::use_after_free ? state.touched : 0, pc);
  }
  end_run();
}

void unsupported(Thread* me, Address pc, const char* function, const char* why) {
  fail(me, pc, Verdict::could_not_judge, "the program calls %s, which the explorer does not model: %s", function, why);
}

void end_run() {
  Log& log = *state.log;
  log.thread_count = state.thread_count;
  log.state = state.events;
  log.live_blocks = live_heap_blocks();
  over();
}

void watch_for_crashes() {
  // The stack of whoever crashes may be what is broken.
  static char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGVTALRM, SIGALRM})
    sigaction(number, &action, nullptr);
}

void wind_watchdog() {
  in_run = true;
  progress_seen = progress_seen_by_wall = nothing_seen;
  // A tick without progress since the last one ends the run. Of time on the processor, so that a busy machine cannot
  // make a run fail; and of much more time on the wall, for a run that sleeps where it should not.
  static constexpr itimerval tick{{0, 100'000}, {0, 100'000}};
  static constexpr itimerval wall{{10, 0}, {10, 0}};
  setitimer(ITIMER_VIRTUAL, &tick, nullptr);
  setitimer(ITIMER_REAL, &wall, nullptr);
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer;
using namespace lab::explorer::runtime;

// --- what a program ends itself with ----------------------------------------------------------------------

LAB_INTERPOSE void __assert_fail(const char* expression, const char* file, unsigned line,
                                 const char* function) noexcept {
  const Entry entry;
  if (!entry) {
    LAB_REAL(__assert_fail)(expression, file, line, function);
    __builtin_unreachable();
  }
  fail(&entry.thread(), LAB_PC(), Verdict::assertion, "the assertion `%s` fails", expression);
}

// Of libstdc++, if the program has it: the type of the exception that nobody caught.
namespace __cxxabiv1 {
extern "C" __attribute__((weak)) void* __cxa_current_exception_type();
extern "C" __attribute__((weak)) char* __cxa_demangle(const char*, char*, std::size_t*, int*);
}  // namespace __cxxabiv1

LAB_INTERPOSE void abort() noexcept {
  Thread* const me = current;
  if (me == nullptr) {
    LAB_REAL(abort)();
    __builtin_unreachable();
  }
  set_current(nullptr);
  if (__cxxabiv1::__cxa_current_exception_type != nullptr) {
    if (void* const type = __cxxabiv1::__cxa_current_exception_type(); type != nullptr) {
      // std::type_info: a pointer to the table of virtual functions, then the mangled name
      const char* name = static_cast<const char**>(type)[1];
      if (*name == '*') ++name;
      int status = -1;
      char* const plain = __cxxabiv1::__cxa_demangle(name, nullptr, nullptr, &status);
      fail(me, LAB_PC(), Verdict::exception, "nobody catches an exception of type %s", status == 0 ? plain : name);
    }
  }
  fail(me, LAB_PC(), Verdict::crash, "the program aborts");
}
