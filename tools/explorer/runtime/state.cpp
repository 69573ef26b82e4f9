#include "tools/explorer/runtime/state.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/rewind.hpp"

namespace lab::explorer::runtime {
namespace {

constexpr std::size_t workspace_bytes = std::size_t{4} << 30;  // reserved; only what is used costs
constexpr std::size_t workspace_step = 256u << 10;             // gets its pages at once

char* workspace_begin;
std::size_t workspace_used;
LAB_OUTLIVES_RUNS std::size_t workspace_ready;  // bytes that have their pages, or were to get them

// Open addressing; an entry of an earlier run counts as empty. Grows by making a new one: the pointers that callers
// hold are to Objects, which stay where they are.
struct Entry {
  Address address;
  std::uint32_t generation;
  Object* object;
};
LAB_OUTLIVES_RUNS Entry* table;
LAB_OUTLIVES_RUNS std::size_t table_size;
LAB_OUTLIVES_RUNS std::uint32_t generations;
std::size_t table_used;

std::size_t home(Address address) { return (address * 0x9e3779b97f4a7c15u) >> 32; }

Entry& find(Address address) {
  for (std::size_t i = home(address);; ++i) {
    Entry& entry = table[i & (table_size - 1)];
    if (entry.generation != state.generation || entry.address == address) return entry;
  }
}

void grow_table() {
  Entry* const old = table;
  const std::size_t old_size = table_size;
  table_size = old_size == 0 ? 256 : old_size * 4;
  table = reinterpret_cast<Entry*>(reserve(table_size * sizeof(Entry)));
  for (std::size_t i = 0; i < old_size; ++i)
    if (old[i].generation == state.generation) find(old[i].address) = old[i];
}

}  // namespace

State state;
Thread* threads;

char* reserve(std::size_t bytes) {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    static constexpr char message[] = "lab: the explorer gets no memory in this process\n";
    (void)!write(2, message, sizeof message - 1);
    end_process(3);
  }
  exempt_from_rewinding(static_cast<char*>(memory), bytes);
  return static_cast<char*>(memory);
}

void populate(char* begin, std::size_t bytes) {
  const int kept = errno;  // of the program
  madvise(begin, bytes, MADV_POPULATE_WRITE);
  errno = kept;
}

void* workspace(std::size_t bytes) {
  bytes = (bytes + 63) & ~std::size_t{63};
  if (workspace_used + bytes > workspace_bytes)
    fail(nullptr, 0, Verdict::could_not_judge, "the explorer's own memory for a run is used up (4 GiB)");
  char* const memory = workspace_begin + workspace_used;
  workspace_used += bytes;
  for (; workspace_ready < workspace_used; workspace_ready += workspace_step)
    populate(workspace_begin + workspace_ready, workspace_step);
  if (state.again) std::memset(memory, 0, bytes);  // else it is as the kernel gave it
  return memory;
}

Object& object_at(Address address) {
  if (table_used * 4 >= table_size * 3) grow_table();
  Entry& entry = find(address);
  if (entry.generation == state.generation) return *entry.object;
  ++table_used;
  auto* const object = static_cast<Object*>(workspace(sizeof(Object)));
  object->address = address;
  object->owner = -1;
  entry = {address, state.generation, object};
  return *object;
}

void end_process(int status) {
  LAB_REAL(_exit)(status);
  __builtin_unreachable();
}

Clock* new_clock() { return static_cast<Clock*>(workspace(sizeof(Clock))); }

void acquire(Thread& me, const Clock* released) {
  if (released != nullptr) join_clock(me.clock, *released);
}

void release(Thread& me, Clock*& released) {
  if (released == nullptr) released = new_clock();
  join_clock(*released, me.clock);
  ++me.clock.at[me.id];
}

void release_anew(Thread& me, Clock*& released) {
  if (released == nullptr) released = new_clock();
  std::memcpy(released->at, me.clock.at, state.thread_count * sizeof released->at[0]);
  std::memset(released->at + state.thread_count, 0, sizeof *released - state.thread_count * sizeof released->at[0]);
  ++me.clock.at[me.id];
}

// Whether others may get on because of this. Taking and giving back a lock is what a livelock is made of.
static bool is_progress(Operation operation) {
  switch (operation) {
    case Operation::atomic_store:
    case Operation::atomic_update:
    case Operation::write:
    case Operation::notify_one:
    case Operation::notify_all:
    case Operation::futex_wake:
    case Operation::semaphore_post:
    case Operation::barrier_wait:
    case Operation::once:
    case Operation::stop:
      return true;
    default:
      return false;
  }
}

void happened(Thread& me, Operation operation, Address address, Effect effect, std::uint64_t detail) {
  Object& object = object_at(address);
  // An address that differs from process to process may not enter the hash; who touched it first, and as the how
  // manieth of such, depends on the schedule only.
  if (object.name == 0) object.name = is_stable(address) ? address : mix(me.id + 1) + ++me.foreign_objects;
  std::uint64_t hash = mix(me.hash ^ mix((static_cast<std::uint64_t>(operation) << 32) ^ me.id ^ mix(detail)));
  hash = mix(hash ^ mix(object.name) ^ object.last_write);
  if (effect != Effect::reads) {
    hash = mix(hash + object.reads);
    object.last_write = hash;
    object.reads = 0;
  } else {
    object.reads += hash;
  }
  if (effect == Effect::changes) {
    object.last_change = hash;
    me.reread_count = 0;
    if (is_progress(operation)) state.idle_points = 0;
  }
  me.hash = hash;
  state.events += hash;
}

void prepare_state() {
  if (workspace_begin != nullptr) return;
  workspace_begin = reserve(workspace_bytes);
  threads = reinterpret_cast<Thread*>(reserve(sizeof(Thread) * max_threads));
}

void reset_state(Exchange& exchange, bool in_process) {
  state = State{};
  state.exchange = &exchange;
  state.plan = &exchange.plan;
  state.log = &exchange.log;
  state.in_process = in_process;
  state.generation = ++generations;
  state.again = generations > 1;
  state.random = exchange.plan.seed;
  state.random_bytes = mix(exchange.plan.program_seed);
  state.now = 1'700'000'000'000'000'000u;
  static_cast<Outcome&>(exchange.log) = Outcome{};
  workspace_used = 0;
  table_used = 0;
}

}  // namespace lab::explorer::runtime
