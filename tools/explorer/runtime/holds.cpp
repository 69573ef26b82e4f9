#include "tools/explorer/runtime/holds.hpp"

#include <cstring>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

constexpr std::uint32_t chunk_notes = 64;

}  // namespace

// Most threads take a few locks, so room is made for a few at a time.
struct Notes {
  std::uint32_t count;
  std::uint64_t begun;
  Note* chunks[max_notes / chunk_notes];
};

namespace {

Note& note(const Notes& notes, std::uint32_t number) {
  return notes.chunks[number / chunk_notes][number % chunk_notes];
}

Note& new_note(Thread& me) {
  Notes& notes = *me.notes;
  if (notes.count == max_notes)
    fail(&me, 0, Verdict::could_not_judge, "thread %u takes more than %u locks while its holds are noted", me.id,
         max_notes);
  Note*& chunk = notes.chunks[notes.count / chunk_notes];
  if (chunk == nullptr) chunk = static_cast<Note*>(workspace(sizeof(Note) * chunk_notes));
  return note(notes, notes.count++);
}

// The place of the stop among the accesses that are counted anyway, so that an access asks no more than before.
void aim(Thread& me, std::uint64_t access) {
  me.stop_at = access == 0 ? 0 : own_accesses(me) + access;
  state.stop_at = access == 0 ? 0 : state.log->accesses + access;
}

// What all that concerns stopping is an event on: whether somebody is stopped is asked and answered there.
char stops;
Address stops_address() { return reinterpret_cast<Address>(&stops); }

Pending about_stops(Address pc) {
  Pending pending;
  pending.operation = Operation::stop;
  pending.object = stops_address();
  pending.pc = pc;
  return pending;
}

bool was_let_go(const Thread& thread) { return !thread.stopped; }

}  // namespace

void hand_over_accesses(Thread& from, Thread& to) {
  const std::uint64_t all = state.log->accesses;
  from.accesses += all - state.switch_accesses;
  state.switch_accesses = all;
  state.stop_at = to.stop_at == 0 ? 0 : all + (to.stop_at - to.accesses);
}

void note_holds(Thread& me) {
  if (me.notes == nullptr) me.notes = static_cast<Notes*>(workspace(sizeof(Notes)));
  me.notes->count = 0;
  me.notes->begun = own_accesses(me);
  for (std::uint32_t i = 0; i < me.held_count; ++i) me.held[i].note = 0;
}

std::uint32_t note_count(const Thread& me) { return me.notes == nullptr ? 0 : me.notes->count; }

std::uint64_t notes_begun(const Thread& me) { return me.notes->begun; }

const Note& note_at(const Thread& me, std::uint32_t number) { return note(*me.notes, number); }

std::uint32_t note_taken(Thread& me) {
  if (me.notes == nullptr) return 0;
  const HeldLock& taken = me.held[me.held_count - 1];
  Note& made = new_note(me);
  made.object = taken.object;
  made.shared = taken.shared;
  made.inner = made.given_back = false;
  made.outer = me.held_count - 1;
  made.begun = own_accesses(me);
  made.frame_count = taken.frame_count;
  std::memcpy(made.frames, taken.frames, taken.frame_count * sizeof *taken.frames);
  for (std::uint32_t i = 0; i + 1 < me.held_count; ++i)
    if (me.held[i].note != 0) note(*me.notes, me.held[i].note - 1).inner = true;
  const std::uint32_t number = me.notes->count;
  if (me.stops && number - 1 == me.stop_hold) aim(me, me.stop_access);
  return number;
}

void note_given_back(Thread& me, const HeldLock& held) {
  if (held.note == 0) return;
  Note& ended = note(*me.notes, held.note - 1);
  ended.ended = own_accesses(me);
  ended.given_back = true;
  if (me.stops && held.note - 1 == me.stop_hold) aim(me, 0);
}

const HeldLock* held_lock(const Thread& thread, Address object) {
  for (std::uint32_t i = thread.held_count; i-- > 0;)
    if (thread.held[i].object == object) return &thread.held[i];
  return nullptr;
}

void ask_to_stop(Thread& me, std::uint32_t hold, std::uint64_t access) {
  note_holds(me);
  aim(me, 0);
  me.stops = true;
  me.stop_hold = hold;
  me.stop_access = access == 0 ? 1 : access;
}

// A point first: between what the thread did last and its stop another one may look, and see that it is not stopped.
void stop_here(Thread& me, Address pc) {
  aim(me, 0);
  Pending pending = about_stops(pc);
  point(me, pending);
  if (!me.stops) return;  // let go before it came to that
  me.stopped = true;
  happened(me, Operation::stop, stops_address(), true);
  record(me, Operation::stop, 0, pc);
  pending.ready = was_let_go;
  point(me, pending);
  happened(me, Operation::stop, stops_address(), false);
}

bool is_any_stopped(Thread& me, Address pc) {
  Pending pending = about_stops(pc);
  pending.writes = false;
  pending.may_spin = true;
  point(me, pending);
  happened(me, Operation::stop, stops_address(), false);
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (thread(i).alive && thread(i).stopped) return true;
  return false;
}

void let_all_go(Thread& me, Address pc) {
  point(me, about_stops(pc));
  happened(me, Operation::stop, stops_address(), true);
  for (std::uint32_t i = 0; i < state.thread_count; ++i) thread(i).stops = thread(i).stopped = false;
}

void fail_if_stopped() {
  Thread* stopped = nullptr;
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (thread(i).alive && thread(i).stopped) stopped = &thread(i);
  if (stopped == nullptr) return;
  const Log& log = *state.log;
  for (std::uint32_t i = 0; i < log.blocked_count; ++i) {
    const Blocked& blocked = log.blocked[i];
    if (!blocked.has_holder || blocked.taken_count == 0 || !thread(blocked.holder).stopped) continue;
    Thread& waiter = thread(blocked.thread);
    fail(&waiter, waiter.next.pc, Verdict::deadlock,
         "thread %u waits for a lock that thread %u holds, which the test has stopped", waiter.id, blocked.holder);
  }
  fail(stopped, stopped->next.pc, Verdict::deadlock, "the test has stopped thread %u, and nobody is left to let it go",
       stopped->id);
}

}  // namespace lab::explorer::runtime
