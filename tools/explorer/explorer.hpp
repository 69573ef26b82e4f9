// The schedule explorer: runs concurrent code under schedules that it chooses, finds one under which it fails, and says
// which. For standard C and C++ as it is: std::thread, std::mutex, std::atomic, pthreads and the rest.
//
//   const Findings findings = explore([] {
//     Counter counter;
//     std::thread other([&] { counter.increment(); });
//     counter.increment();
//     other.join();
//     expect(counter.value() == 2, "two increments count two");
//   });
//
// What callers must do
//   Compile the code under test, and the scenario, with -fsanitize=thread and -g, and link it without, -no-pie, with
//   the explorer (CMake: lab_explored(target); a program of your own: ./lab cxx). Code that is not compiled so runs as
//   one step: what races in it is not seen. The scenario must do the same each time it is run under the same schedule:
//   no input, no real time, no addresses in decisions (time and getrandom are replaced by repeatable ones).
//
// What callers get
//   The first failing schedule with the fewest deviations, if one was found: verdict, place, replayable plan. Or how
//   far the search got. A deviation is a departure from "the running thread goes on; when it ends, waits or yields, the
//   lowest numbered thread that can go on follows".
//
// What is not promised
//   Outcomes that only weak memory orders allow: all runs are sequentially consistent (but races are judged by the
//   orders as written). Bugs beyond the bound. Linux on x86-64 with glibc only; at most 1,024 threads and 65,536
//   choices a run.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

enum class Method : std::uint8_t {
  alternating,  // deviation-bounded search in turn with partial-order sampling
  deviations,
  preemptions,
  uniform,
  pos,
  pct,
};

struct Options {
  Method method = Method::alternating;
  unsigned bound = 3;                      // of the systematic search; no_bound: everything
  bool reduce = true;                      // leave out schedules that only reorder independent steps
  std::uint64_t seed = 1;                  // of the sampling, and of what the code gets as random
  std::uint64_t runs = 20'000;             // at most, and...
  std::chrono::milliseconds time{30'000};  // ...at most
  std::uint64_t samples = 200;             // runs by sampling, at the least, before "nothing found"
  unsigned depth = 3;                      // pct: number of ordering constraints
  bool every_access = false;               // every memory access is a point (slow; to check the explorer itself)
  bool time_outs = true;                   // a time-out may fire although others can still run
  bool spurious = true;                    // a wait on a condition variable may end for nothing, once a thread
  bool races = true;                       // a data race is a failure where nothing worse was found
  bool first_race = false;                 // ...and the first one found ends the search, whatever worse there may be
  std::uint32_t steps = 50'000;            // points in a run
  enum class Isolation : std::uint8_t { automatic, process, none } isolation = Isolation::automatic;
  int exit_status = 0;  // of a whole program that is not a failure; -1: any
  // Asked after each run of a scenario that passed: what is wrong with it, in one sentence, which makes its verdict
  // `assertion`; empty if nothing is. For what is dear to find out: outside of the run its steps, its time and its
  // memory count for nothing. Called in the caller's process under Isolation::process, and in that or a child of it
  // otherwise; the run was in another, or has had its memory put back. So what a run leaves for the judge must lie in
  // memory that processes share, written by code that the explorer does not see. A schedule that was found is run and
  // judged once more, in a process of its own.
  std::function<std::string()> judge;
};

// What is minimal about the schedule that was found.
enum class Minimal : std::uint8_t { none, deviations, preemptions };

struct Findings {
  Verdict verdict = Verdict::passed;
  std::string message;  // one sentence; empty when passed
  std::uint64_t runs = 0;
  std::uint64_t runs_until_found = 0;
  std::uint32_t threads = 0;      // with the main one: of the schedule found, else of the first run
  std::uint32_t preemptions = 0;  // of the schedule found
  std::uint32_t deviations = 0;
  Minimal minimal = Minimal::none;
  bool exhaustive = false;  // all schedules up to `completed` were run
  bool complete = false;    // ...and there are no others at all
  Minimal bound_kind = Minimal::none;
  int completed = -1;              // the bound up to which everything was run; -1: none
  bool stopped_at_budget = false;  // by Options::runs or Options::time, with schedules left to run
  double seconds = 0;
  bool ended_by_time = false;  // the schedule found, or the default one, ended only because a time-out fired
  std::uint64_t virtual_ns = 0;
  std::vector<Race> races;           // each pair of places once, in the order found
  std::vector<std::string> limits;   // what the search could not do, a sentence each
  std::shared_ptr<const Plan> plan;  // the schedule found; null when none was
  std::uint64_t state = 0;           // what that run looked like at its end
  std::string output;                // what a whole program printed in it
};

// The process that makes the runs was killed: by the code under test, or by a machine that was short of memory.
class RunsEnded : public std::runtime_error {
public:
  RunsEnded() : std::runtime_error("the process that makes the explorer's runs was killed") {}
};

// Runs the scenario in processes of its own, forked from the caller's; or in one, many times, where it leaves nothing
// behind. Must be called from the only thread of a process. Throws RunsEnded; and std::system_error if the machine
// refuses a process or memory.
Findings explore(const std::function<void()>& scenario, const Options& options = {});

struct Program {
  std::filesystem::path path;
  std::vector<std::string> arguments;  // without the program's own name
  std::string input;                   // what it reads from standard input
};

// The same for a whole program that ./lab cc or ./lab cxx linked. Throws std::invalid_argument if it is not one.
Findings explore(const Program& program, const Options& options = {});

// One run under a given plan. `log` is as large as Exchange: make it with make_exchange().
struct Replayed {
  std::shared_ptr<const Exchange> exchange;  // plan and log
  std::string output;
  int exit_status = 0;
};
Replayed replay(const std::function<void()>& scenario, const Plan& plan);
Replayed replay(const Program& program, const Plan& plan);

// In a scenario, on any of its threads: what must hold. If it does not, the run ends with the verdict `assertion`.
// Outside of a run it aborts the process.
void expect(bool holds, const char* what);

// Likewise: ends the run with the verdict `assertion`, and this sentence as its message.
[[noreturn]] void fail(const char* message);
// In a scenario: runs `act` on the calling thread as something that nobody sees, for a test's own bookkeeping. No
// access in it is a step, a point or part of a race, none is counted, and nothing orders it with what other threads do:
// it is one instant. What it allocates and frees is the run's heap as ever, so that a std::vector may grow in there and
// be read, and destroyed, by seen code. What it throws goes through. Outside of a run, and within itself, a plain call.
//
// Callers must see to it that it ends within a tenth of a second, and
//   - makes, joins and ends no thread, waits for nothing, and takes no lock that seen code takes too: to the C library,
//     to which such calls go, no lock of the run is held;
//   - reads no clock and no random bytes: they would be real ones, and the run not repeatable;
//   - writes nothing that seen code on other threads reads meanwhile without being ordered after it by something seen:
//     a race with it would be one that nobody reports. After the threads were joined is well.
// An expect() in it works.
void unseen(const std::function<void()>& act);

// In a scenario: how many memory accesses the calling thread has made in this run so far, plain and atomic ones, as
// instrumented: a read and a write each count, a copy of a range as two whatever its length, free() as one. The same
// in each run under the same schedule, and the same for an operation whoever runs beside it, unless that changes what
// the operation does. Outside of a run: 0.
std::uint64_t accesses();

// The same, of all threads together. The other threads' work that goes on counts too, whoever it is for.
std::uint64_t accesses_of_all();

// How long a thread held a lock: a mutex of any kind, a spin lock or a reader-writer lock, from taking it to giving it
// back. A wait on a condition variable ends a hold of the mutex and begins another. A recursive mutex that is taken
// again is still the same hold. Locks that a program makes of atomics are not known as such.
struct Hold {
  std::size_t lock = 0;               // the same number for the same lock, counted from 0 in the order of first taking
  std::uint64_t address = 0;          // of the lock
  bool shared = false;                // by several threads at once, perhaps
  bool given_back = false;            // false: it is still held
  std::uint64_t accesses = 0;         // the thread's own between taking and giving back; still held: 0
  std::uint64_t begun = 0;            // how many it had made since note_holds() when it took it
  std::size_t outer = 0;              // how many locks the thread held already when it took this
  bool inner = false;                 // it took another while it held this
  std::vector<std::uint64_t> frames;  // where it was taken: return addresses, innermost first
};

// In a scenario: from now on the calling thread's holds are noted, in the order of their taking and counted from 0.
// Locks that it holds already are not. A thread that takes more than 4,096 locks meanwhile could not be judged.
void note_holds();

// What has been noted of the calling thread's holds. Outside of a run: nothing.
std::vector<Hold> noted_holds();

// In a scenario: the calling thread will stop right before it makes its access-th access (from 1; 0 is as 1) within its
// hold-th hold from now on: holds are counted as if note_holds() were called here. It stops once, until let_go(); where
// the hold ends before, it does not. A thread that is stopped waits, whatever time passes: if all others end or wait
// too, the verdict is deadlock, and the message and the account name whom it stood in the way of.
void stop_in_hold(std::size_t hold, std::uint64_t access);

// In a scenario: whether any thread is stopped now. A point; while (!stopped()) waits, as any spin.
bool stopped();

// In a scenario, by a thread that is not stopped: all that are stopped go on, and those that were asked to stop and
// have not yet will not. A point. It orders nothing: what races does so as if nobody had been stopped.
void let_go();

}  // namespace lab::explorer
