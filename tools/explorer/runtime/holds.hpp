// How long a thread holds its locks, counted in its own accesses, and its stop in one of these holds: what
// note_holds(), stop_in_hold() and the rest of explorer.hpp's functions on holds are made of.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

inline constexpr std::uint32_t max_notes = 4096;

// Of one hold. Lies in the workspace: for the length of the run.
struct Note {
  Address object;
  bool shared;
  bool inner;  // another lock was taken within it
  bool given_back;
  std::uint32_t outer;  // how many locks the thread held already
  std::uint64_t begun;  // own_accesses() when it was taken...
  std::uint64_t ended;  // ...and when it was given back
  std::uint32_t frame_count;
  std::uint64_t frames[max_frames];
};

// How many accesses `me`, which is running, has made in this run.
inline std::uint64_t own_accesses(const Thread& me) {
  return me.accesses + state.log->accesses - state.switch_accesses;
}

// `from` stops running and `to` goes on.
void hand_over_accesses(Thread& from, Thread& to);

// From now on, and counted from 0 from now on.
void note_holds(Thread& me);
std::uint32_t note_count(const Thread& me);
std::uint64_t notes_begun(const Thread& me);  // own_accesses() at that time
const Note& note_at(const Thread& me, std::uint32_t number);

// The last lock in me.held was taken. What is to be kept in HeldLock::note.
std::uint32_t note_taken(Thread& me);
void note_given_back(Thread& me, const HeldLock& held);

// The lock in the thread's list, however it holds it; null: it does not.
const HeldLock* held_lock(const Thread& thread, Address object);

void ask_to_stop(Thread& me, std::uint32_t hold, std::uint64_t access);
bool is_any_stopped(Thread& me, Address pc);
void let_all_go(Thread& me, Address pc);

// Nobody can go on, and each thread is described in the log: ends the run with what is to be said where one of them is
// stopped. Otherwise returns.
void fail_if_stopped();

}  // namespace lab::explorer::runtime
