// What a scenario may ask about its own threads' work: accesses and holds of locks (holds.hpp).
#include <algorithm>

#include "tools/explorer/explorer.hpp"
#include "tools/explorer/runtime/holds.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer {
namespace {

runtime::Thread* running() { return runtime::current != nullptr ? runtime::current : runtime::state.unseen; }

Hold hold_of(const runtime::Thread& me, const runtime::Note& note) {
  Hold hold;
  hold.address = note.object;
  hold.shared = note.shared;
  hold.given_back = note.given_back;
  hold.begun = note.begun - runtime::notes_begun(me);
  hold.outer = note.outer;
  hold.inner = note.inner;
  if (note.given_back) hold.accesses = note.ended - note.begun;
  hold.frames.assign(note.frames, note.frames + note.frame_count);
  return hold;
}

// Numbers the locks in the order in which they were first taken.
void number_locks(std::vector<Hold>& holds) {
  std::vector<std::uint64_t> known;
  for (Hold& hold : holds) {
    const auto found = std::find(known.begin(), known.end(), hold.address);
    hold.lock = static_cast<std::size_t>(found - known.begin());
    if (found == known.end()) known.push_back(hold.address);
  }
}

}  // namespace

std::uint64_t accesses() {
  const runtime::Thread* const me = running();
  return me == nullptr ? 0 : runtime::own_accesses(*me);
}

std::uint64_t accesses_of_all() { return running() == nullptr ? 0 : runtime::state.log->accesses; }

void note_holds() {
  const runtime::Entry entry;
  if (entry) runtime::note_holds(entry.thread());
}

std::vector<Hold> noted_holds() {
  std::vector<Hold> holds;
  const runtime::Thread* const me = running();
  if (me == nullptr) return holds;
  unseen([&] {
    const std::uint32_t count = runtime::note_count(*me);
    holds.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) holds.push_back(hold_of(*me, runtime::note_at(*me, i)));
    number_locks(holds);
  });
  return holds;
}

void stop_in_hold(std::size_t hold, std::uint64_t access) {
  const runtime::Entry entry;
  const std::size_t number = std::min<std::size_t>(hold, runtime::max_notes);  // from there on it never comes to that
  if (entry) runtime::ask_to_stop(entry.thread(), static_cast<std::uint32_t>(number), access);
}

bool stopped() {
  const runtime::Entry entry;
  return entry && runtime::is_any_stopped(entry.thread(), LAB_PC());
}

void let_go() {
  const runtime::Entry entry;
  if (entry) runtime::let_all_go(entry.thread(), LAB_PC());
}

}  // namespace lab::explorer
