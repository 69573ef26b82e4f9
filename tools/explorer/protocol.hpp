// What passes between the explorer's parts: a Plan goes to the program under test, a Log comes back. Both lie in memory
// that the two processes share, so they are plain data of fixed size; a page that is never written costs nothing.
//
// A run of the program is a sequence of *points*, at which the running thread says what it is about to do. Where more
// than one thing could happen next, the point is a *choice*: its alternatives stand in order, the first of them being
// what happens by itself. A schedule is the list of its *departures*: the choices at which something else was taken.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lab::explorer {

inline constexpr std::size_t max_threads = 1024;
inline constexpr std::size_t max_frames = 24;

// A bound that no schedule reaches: the search ends when everything has been run.
inline constexpr unsigned no_bound = 1'000'000;

// What a thread does at a point. The names are printed in lanes and written to JSON: operation_names in
// account/names.cpp.
enum class Operation : std::uint8_t {
  start,
  end,
  create,
  join,
  lock,
  lock_shared,
  try_lock,
  try_lock_shared,
  unlock,
  unlock_shared,
  wait,  // on a condition variable: the mutex is given up and the wait begins
  wake,  // ...and ends, with the mutex taken again
  notify_one,
  notify_all,
  atomic_load,
  atomic_store,
  atomic_update,  // read-modify-write
  fence,
  read,
  write,
  free,
  futex_wait,
  futex_wake,
  semaphore_wait,
  semaphore_post,
  barrier_wait,
  once,  // pthread_once, std::call_once, the first use of a static local
  yield,
  sleep,
  clock,    // reads the time
  exit,     // of the process
  stop,     // because the test asked for it: stop_in_hold()
  failure,  // the step at which the run failed
};

// Verdicts; the words in JSON are verdict_names in account/names.cpp. A contract.
enum class Verdict : std::uint8_t {
  passed,
  assertion,
  data_race,
  deadlock,
  livelock,
  crash,
  exception,
  use_after_free,
  nondeterministic,
  could_not_judge,
};

// What an alternative does.
enum class Act : std::uint8_t {
  run,       // the thread goes on with what it is about to do
  time_out,  // the thread's timed wait ends without what it waited for
  spurious,  // the thread's wait on a condition variable ends although nobody notified it
  choose,    // not a switch: the running thread's notification goes to this waiter
};

struct Alternative {
  std::uint16_t thread = 0;
  Act act = Act::run;
  bool operator==(const Alternative&) const = default;
};

// Take this alternative at this choice. `state` is what the run up to there must look like (Choice::state); 0:
// unchecked.
struct Departure {
  std::uint32_t choice = 0;
  Alternative alternative;
  std::uint64_t state = 0;
};

// What happens at the choices that the plan names no departure for.
enum class Tail : std::uint8_t {
  run_on,   // the first alternative
  uniform,  // any, with equal chance
  pos,      // partial-order sampling: a random priority for each event, drawn anew when it or a racing one has happened
  pct,      // a random priority for each thread, lowered at the change points
};

inline constexpr std::size_t max_departures = 16384;
inline constexpr std::size_t max_hot = 4096;
inline constexpr std::size_t max_changes = 32;

// A plan without its lists.
struct PlanHead {
  Tail tail = Tail::run_on;
  bool trace = false;              // record each step with its source place (slow)
  bool every_access = false;       // every memory access is a point, not only the hot ones
  bool unlock_points = false;      // so is every unlock: needed once the program tries locks
  bool time_outs = true;           // a time-out is an alternative while others can run
  bool spurious = true;            // and so is a spurious wake-up
  bool lenient = false;            // a departure that is not possible is passed over (else the run is nondeterministic)
  std::uint64_t seed = 0;          // of the tail
  std::uint64_t program_seed = 1;  // of what the program gets from getrandom
  std::uint32_t step_limit = 50'000;  // points in a run
  std::uint32_t change_count = 0;
  std::uint32_t changes[max_changes] = {};  // pct: ascending numbers of choices
  std::uint32_t departure_count = 0;
  std::uint32_t hot_count = 0;
};

// Of the lists only what is counted is there: the rest is neither written nor copied, so that its pages cost nothing.
struct Plan : PlanHead {
  std::uint64_t hot[max_hot];              // program counters whose accesses are points; ascending
  union {                                  // whose members are not constructed
    Departure departures[max_departures];  // by ascending choice
  };

  Plan() {}  // not "= default", by which Plan{} would write zeros
  Plan(const Plan& other) : PlanHead(other) { copy_lists(other); }
  Plan& operator=(const Plan& other) {
    static_cast<PlanHead&>(*this) = other;
    copy_lists(other);
    return *this;
  }

private:
  // The program under test could write over a plan that it shares, and so the counts are not believed.
  void copy_lists(const Plan& other) {
    hot_count = std::min<std::uint32_t>(hot_count, max_hot);
    departure_count = std::min<std::uint32_t>(departure_count, max_departures);
    std::memmove(hot, other.hot, hot_count * sizeof *hot);
    std::memmove(static_cast<void*>(departures), other.departures, departure_count * sizeof *departures);
  }
};

inline constexpr std::size_t max_choices = 65536;
inline constexpr std::size_t max_alternatives = 1u << 22;
inline constexpr std::size_t max_races = 64;
inline constexpr std::size_t max_steps = 1u << 17;
inline constexpr std::size_t max_message = 1024;

struct Choice {
  std::uint64_t state =
      0;  // hash of all that happened so far up to the order of independent events, and of who is running
  std::uint32_t first = 0;  // index of its alternatives in Log::alternatives; the first is the default
  std::uint16_t count = 0;
  std::uint16_t taken = 0;    // index among them
  std::uint16_t running = 0;  // the thread that reached the point
  bool could_go_on = false;   // the running thread could, and does not yield: to take another is a preemption
  Operation operation{};      // of the running thread
};

struct Access {
  std::uint64_t pc = 0;
  std::uint16_t thread = 0;
  bool write = false;
  bool atomic = false;
};

struct Race {
  std::uint64_t address = 0;
  Access earlier, later;
  std::uint32_t frame_count = 0;  // of `later`; 0 is its pc, then the callers
  std::uint64_t frames[max_frames] = {};
};

// One recorded step (only with Plan::trace).
struct Step {
  std::uint64_t object = 0;               // address
  std::uint64_t value = 0;                // read or written, where it has up to 8 bytes
  std::uint64_t frames[max_frames] = {};  // the step's own pc, then the callers; return addresses
  std::uint32_t choice = 0;               // how many choices came before
  std::uint16_t thread = 0;
  std::uint16_t other = 0;  // create, join: that thread; notify: the woken one; lock: who holds it
  Operation operation{};
  std::uint8_t frame_count = 0;
  std::uint8_t size = 0;  // bytes
  bool has_value = false;
  bool timed_out = false;  // wait, sleep: ended by time
  bool spurious = false;   // wait: ended by nothing
  bool succeeded = true;   // try_lock, compare-exchange
  bool atomic = false;
};

struct Blocked {
  std::uint16_t thread = 0;
  std::uint16_t holder = 0;  // who holds what it waits for
  bool has_holder = false;
  Operation operation{};
  std::uint64_t object = 0;
  std::uint32_t held_count = 0;
  std::uint64_t held[8] = {};  // the locks it holds
  std::uint32_t frame_count = 0;
  std::uint64_t frames[max_frames] = {};
  std::uint32_t taken_count = 0;  // where the holder took the lock: the place, then the callers; 0: it is no lock
  std::uint64_t taken[max_frames] = {};
};

inline constexpr std::size_t max_blocked = 64;

// What a run came to. Reset at its start.
struct Outcome {
  Verdict verdict = Verdict::passed;
  bool truncated = false;      // more choices, alternatives or steps than the log holds: nothing exhaustive can be said
  bool ended_by_time = false;  // some wait ended by its time-out because nothing else could run
  bool tried_lock = false;     // a lock was tried or waited for with a time limit: unlocks matter as points
  std::uint16_t failing_thread = 0;
  std::uint32_t choice_count = 0;
  std::uint32_t alternative_count = 0;
  std::uint32_t point_count = 0;
  std::uint32_t thread_count = 0;
  std::uint32_t preemptions = 0;  // time-outs and wake-ups for nothing are counted as such
  std::uint32_t departures = 0;
  std::uint32_t race_count = 0;
  std::uint32_t hot_count = 0;
  std::uint32_t step_count = 0;
  std::uint32_t blocked_count = 0;
  std::uint32_t frame_count = 0;
  std::uint64_t live_blocks = 0;          // heap blocks that the run left behind
  std::uint64_t accesses = 0;             // instrumented ones
  std::uint64_t virtual_ns = 0;           // of virtual time that passed
  std::uint64_t state = 0;                // at the end, as Choice::state
  std::uint64_t frames[max_frames] = {};  // where it failed
  char message[max_message] = {};         // one sentence; empty when passed
};

struct Log : Outcome {
  Race races[max_races];       // each pair of places once
  std::uint64_t hot[max_hot];  // program counters that touched raced memory and that the plan did not name
  Blocked blocked[max_blocked];
  Choice choices[max_choices];
  Alternative alternatives[max_alternatives];
  Step steps[max_steps];
};

// Orders for a program that waits to be run (runtime/serve.cpp): the controller writes `order`, the program `answer`.
// `run_fresh`: in a process in which nothing has run yet.
enum class Order : std::uint32_t { none, run, run_fresh, quit };

struct Exchange {
  std::uint32_t order = 0;   // a futex: how many orders were given
  std::uint32_t answer = 0;  // a futex: how many were carried out
  Order kind = Order::none;
  std::int32_t wait_status = 0;  // of the run, as waitpid has it
  bool leaving = false;          // the process that makes the runs ends of its own accord, between two of them
  Plan plan;
  Log log;
};

// The environment variable by which a program learns the descriptors of its Exchange and of its standard input and
// output.
inline constexpr char exchange_variable[] = "LAB_EXPLORER_EXCHANGE";

}  // namespace lab::explorer
