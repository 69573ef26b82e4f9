// The runtime's state of one run: threads, the objects they synchronise on, clocks.
//
// The runtime is linked into the program under test. It may not allocate, throw, or need C++'s library: the program may
// be C, may be in the middle of malloc, or may have corrupted its heap. All of it runs on one operating system thread,
// so nothing here is atomic. Threads of the program are fibers; `current` is a thread_local of each (fiber.hpp), null
// while the runtime itself or code outside the run is at work: every entry point goes by it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer::runtime {

using Address = std::uintptr_t;

// Of the runtime's variables, those that outlive a run where the program's memory is rewound after it (rewind.hpp).
#define LAB_OUTLIVES_RUNS __attribute__((section("lab_outlives_runs")))

// Address space of the runtime's own, zeroed; what is not touched costs nothing. Never given back, and not rewound.
char* reserve(std::size_t bytes);

// All at once what would else be a page fault for each page at the first write. Where the kernel does not know the call
// (before Linux 5.14), or has no memory left, they come as ever.
void populate(char* begin, std::size_t bytes);

// A vector clock. Only the first `thread_count` entries are in use.
struct Clock {
  std::uint32_t at[max_threads];
};

struct Thread;

// What a thread is about to do.
struct Pending {
  Operation operation = Operation::start;
  Address object = 0;
  Address pc = 0;
  bool writes = true;                      // whether the order of it and a read of the same object matters
  bool yields = false;                     // let others go first
  bool may_spin = false;                   // it yields where the thread's last one like it found just the same
  bool (*ready)(const Thread&) = nullptr;  // null: it can always be done
  bool timed = false;                      // it ends at the deadline even where it is never ready
  std::uint64_t deadline = 0;              // virtual nanoseconds
  bool may_be_spurious = false;            // a wait on a condition variable
  Address second = 0;                      // wait: the mutex
};

enum class Woken : std::uint8_t { ready, timed_out, spurious };

struct HeldLock {
  Address object;
  bool shared;
  std::uint32_t note;  // holds.hpp: number + 1 of the note of this hold; 0: none
  std::uint32_t frame_count;
  std::uint64_t frames[max_frames];  // where it was taken, then the callers
};

struct Notes;

// A read that a thread made, and what it found: made again without a change, it is spinning.
struct Reread {
  Address pc, object;
  std::uint64_t version;  // Object::last_change
};

inline constexpr std::size_t max_held = 64;
inline constexpr std::size_t max_depth = 1024;
inline constexpr std::size_t max_keys = 128;
inline constexpr std::size_t max_destructors = 128;

struct Thread {
  std::uint16_t id;
  bool alive;
  bool detached, joined;
  bool notified;  // waits: somebody woke it
  Woken woken;
  Pending next;
  Address waits_on;          // the condition variable or futex it waits on; 0: none
  std::uint64_t wait_order;  // among the waiters
  std::uint32_t spurious_wakes;
  std::uint64_t hash;      // of its last event, hence of all that happened before it
  std::uint64_t priority;  // of the tail
  std::uint32_t clock_reads;
  std::uint64_t accesses_since_point;
  std::uint64_t accesses;     // of its own, up to when it last stopped running
  std::uint64_t stop_at;      // it stops at this one of them; 0: at none
  std::uint64_t stop_access;  // stops: at which access within the hold
  std::uint32_t stop_hold;    // stops: in which hold
  bool stops;                 // it was asked to stop, and has not been let go
  bool stopped;
  Notes* notes;                   // holds.hpp; null: its holds are not noted
  std::uint32_t insists;          // how many of its yields to come are not taken as such; see scheduler.cpp
  std::uint32_t foreign_objects;  // how many objects outside the program's own memory it was the first to touch
  std::uint32_t reread_count;
  std::uint32_t held_count;
  std::uint32_t depth;
  std::uint32_t destructor_count;
  void* (*routine)(void*);
  void* argument;
  void* result;
  Clock* fence_released;       // what a release fence published: goes out with later relaxed stores; null: none
  Clock* fence_acquirable;     // what relaxed loads have seen: comes in with an acquire fence; null: none
  std::uint32_t pending_step;  // trace: index + 1 of a write whose value is to be read back
  // fiber.cpp
  void* stack_pointer;
  char* control_block;  // the value of %fs, and its pthread_t
  // heap.cpp
  char* heap_next;
  char* heap_end;
  bool had_slice;
  void* key_values[max_keys];
  // From here on nothing needs to be reset for a new thread: the counts above say how much is in use.
  Reread rereads[8];
  HeldLock held[max_held];
  Address frames[max_depth];  // return addresses of the instrumented functions it is in
  struct Destructor {
    void (*call)(void*);
    void* object;
  } destructors[max_destructors];
  Clock clock;
};

// What the runtime knows of an address that threads synchronise on.
struct Object {
  Address address;
  std::uint32_t generation;   // of the run that last used it
  std::int32_t owner;         // thread that holds it exclusively; -1: none
  std::uint32_t depth;        // how often the owner holds it
  std::uint32_t readers;      // how many threads hold it shared
  std::int64_t value;         // semaphores, barriers, once: their count or phase
  std::int64_t limit;         // barriers: how many it takes
  Clock* released;            // what an acquire takes over; null: nothing
  Clock* read_released;       // of readers' unlocks: taken over by writers only
  std::uint64_t name;         // the address where that is the same in every process, else an ordinal; 0: not named yet
  std::uint64_t last_write;   // hash of the last event that others' events on it must be ordered with
  std::uint64_t last_change;  // hash of the last one that left it another than it was
  std::uint64_t reads;        // sum of the hashes of the reads since
};

struct State {
  Exchange* exchange;
  Plan* plan;
  Log* log;
  bool again;       // other runs were made in this process: its memory is not as the kernel gave it
  bool in_process;  // the run is a call: nothing of the process's may end with it
  std::uint32_t generation;
  std::uint32_t thread_count;
  std::uint32_t live_threads;
  std::uint64_t now;     // virtual nanoseconds since the epoch
  std::uint64_t events;  // sum of the hashes of all events: the state, whatever the order of independent ones
  std::uint64_t wait_counter;
  std::uint64_t random;
  std::uint32_t next_departure;
  std::uint32_t idle_points;  // points at which nobody got on, since somebody last did
  std::uint32_t all_idle_points;
  std::uint64_t random_bytes;     // state of the program's own getrandom
  bool exiting;                   // some thread has begun to end the process
  Address touched;                // what a failing access was to; 0: it failed by something else
  std::uint64_t switch_accesses;  // Log::accesses when the running thread was last switched to
  std::uint64_t stop_at;          // the value of Log::accesses at which the running thread stops; 0: none
  Thread* unseen;                 // who runs code that nobody sees; null: nobody
};

extern State state;
extern Thread* threads;  // [max_threads]

inline Thread& thread(std::size_t id) { return threads[id]; }

// The object at an address; made at the first use in a run.
Object& object_at(Address address);

// Memory of the runtime's own for the length of the run; zeroed.
void* workspace(std::size_t bytes);

// Makes all that lasts longer than a run. To be called before the first.
void prepare_state();

// Everything above as if never used, for a new run.
void reset_state(Exchange& exchange, bool in_process);

inline std::uint64_t mix(std::uint64_t z) {  // the finaliser of SplitMix64 (Steele, Lea, Flood 2014)
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// --- happens-before -------------------------------------------------------------------------------------

inline void join_clock(Clock& into, const Clock& from) {
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (from.at[i] > into.at[i]) into.at[i] = from.at[i];
}
Clock* new_clock();
void acquire(Thread& me, const Clock* released);
// Publishes what `me` has done so far, with what is already there; and begins a new epoch of `me`.
void release(Thread& me, Clock*& released);
// The same, in place of what is there.
void release_anew(Thread& me, Clock*& released);

// --- events ---------------------------------------------------------------------------------------------

// What an event does to its object.
enum class Effect : std::uint8_t {
  reads,   // its order with other reads does not matter
  orders,  // it matters, though the object stays what it was (an exchange of 1 for 1 still publishes)
  changes,
};

// Enters an event into the hash of the run. Two runs whose events agree up to the order of independent ones have the
// same hash; `detail` is what else the event's outcome depends on (a time-out, which waiter).
void happened(Thread& me, Operation operation, Address object, Effect effect, std::uint64_t detail = 0);
inline void happened(Thread& me, Operation operation, Address object, bool writes, std::uint64_t detail = 0) {
  happened(me, operation, object, writes ? Effect::changes : Effect::reads, detail);
}

}  // namespace lab::explorer::runtime
