// What of a recorded run a person has to see: the steps that matter, the races, and who waits for whom.
//
// Kept are, where they stand in the program author's own code (is_own):
//   - operations on locks, condition variables, semaphores and the like; on an atomic only if two threads touch it;
//   - accesses to a granule of 8 bytes that two threads touch and that one writes while another is alive; of what
//     happened before the first thread was made only those writes whose value is read later;
//   - the making, the joining and the end of threads;
//   - the step that failed, and, in a deadlock, what each thread waits for.
// Of a record that would be more than 40 steps there are fewer:
//   - accesses without a race count only where they carry something from one thread to another: a read that finds what
//     another wrote while both lived, that write, and a write over what another wrote since this thread last looked
//     (with that look: it is the stale one);
//   - atomics without a name count only if they do more than count up and down;
//   - locks count around what counts, where a thread waits and where they are tried in vain; not while a thread is
//   alone,
//     and not within another lock under which they are always taken. In a deadlock all of them count;
//   - so does the last thing that a thread did before it was interrupted, if that did not happen often.
//
// Steps of one thread on one line that follow each other are one step with several deeds. More than three accesses to
// words without a name in one step are told together. What repeats itself without
// any difference but in who wrote the values, as a spin does, stands there once and says how often it happened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/explorer/account/naming.hpp"
#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// A deed of a step: both are indices from 0, of the step in Explanation::steps and of the deed in its deeds.
struct Source {
  std::size_t step = 0;
  std::size_t deed = 0;
  bool operator==(const Source&) const = default;
};

// A piece of memory that a deed reads or writes.
struct Touched {
  std::uint64_t address = 0;
  std::uint8_t size = 0;  // in bytes
};

// One operation.
struct Deed {
  Operation operation{};
  std::string object;                   // "counter", "lock A", "object B"; empty where there is none
  std::optional<std::uint64_t> value;   // read or written
  std::uint8_t size = 0;                // of the value, in bytes
  std::optional<Source> written_by;     // read: who wrote that value; none if nobody that is kept did
  std::optional<Source> overwrites;     // write: whose value is lost, which this thread has not seen
  std::optional<Source> last_read;      // ...and where this thread last looked, before that
  std::uint16_t loser = 0;              // ...and the thread whose value is lost
  std::uint32_t words = 0;              // it stands for so many reads or writes of words without a name; 0: for itself
  std::uint16_t other = 0;              // create, join: that thread; notify: the woken one, 0 if it can't be said
  std::optional<std::uint16_t> holder;  // a deed that is waited for: who holds the object
  bool timed_out = false;
  bool spurious = false;
  bool succeeded = true;              // try lock, atomic update
  bool waiting = false;               // it never happened: the thread waits for it to the end
  std::uint32_t block = 1;            // this deed and the next block - 1...
  std::uint32_t times = 1;            // ...happened so often in a row
  std::vector<Touched> touched = {};  // an access: what it touches, and each of its words where it stands for many
};

// A lock that a thread holds.
struct Held {
  std::string lock;
  bool shared = false;  // as a reader, beside other readers
  bool operator==(const Held&) const = default;
};

struct ExplainedStep {
  std::uint16_t thread = 0;
  Place place;                   // no file where a thread ends
  std::string text;              // the source line, trimmed; empty if it can't be read
  std::vector<Deed> deeds;       // in order; empty only if nothing but the failure happened here
  bool failing = false;          // the run failed here
  bool takes_over = false;       // another thread made the step before
  bool preempts = false;         // ...and could have gone on
  std::uint32_t block = 1;       // this step and the next block - 1...
  std::uint32_t times = 1;       // ...happened so often in a row
  std::vector<Held> holds = {};  // what its thread holds after it, in the order of taking, shown or not
  std::uint32_t choice = 0;      // how many choices the run had made before it
  bool aside = false;            // of a play: not to be shown; its memory and locks count all the same
};

struct RacePlace {
  Place place;
  std::uint16_t thread = 0;
  bool write = false;
  bool atomic = false;
};

struct ExplainedRace {
  std::string object;  // a global's name; empty if it is none
  RacePlace later, earlier;
};

struct Waiting {
  std::uint16_t thread = 0;
  Operation operation{};
  std::string object;                   // what it waits for
  std::optional<std::uint16_t> holder;  // who holds that; join: the thread that has not ended
  std::vector<std::string> holds;       // the locks it holds itself
  Place place;
  std::optional<Place> taken_at;  // a lock: where the holder took it
};

struct Explanation {
  std::vector<ExplainedStep> steps;
  std::uint32_t thread_count = 1;  // of those that take part in the steps
  std::vector<ExplainedRace> races;
  std::vector<Waiting> waiting;    // the blocked threads of a deadlock
  std::optional<Place> failed_at;  // where the run failed, own code if possible
  std::uint16_t failing_thread = 0;
  bool truncated = false;  // the log was full: steps are missing at the end
};

// Reads the log of a run that was made with Plan::trace (without it, there are no steps but the failing one). Counts in
// the log beyond its arrays are cut down to them: the program under test could have written there. Time and memory are
// linear in the number of steps. Not thread safe for one `names`.
Explanation explain(const Log& log, Names& names);

// How much of a record is told.
enum class Detail : std::uint8_t {
  what_matters,  // as above
  each_choice,   // nothing is thinned or folded into one step, and no step goes on over a choice
};

// The same for several runs of one program that are told together: an object has one name in all of them. A name that
// is needed first for a lock that is held, and not shown, comes after those that are shown.
Explanation explain(const Log& log, Names& names, ObjectNames& objects, Detail detail = Detail::what_matters);

// "data race on counter: write at f.cpp:12 (increment) by thread 2, and write at f.cpp:12 by thread 1, not ordered by
// any lock or atomic". Without " on counter" where the object has no name.
std::string sentence(const ExplainedRace& race);

// "thread 1 waits at f.cpp:20 (transfer) for lock B, which thread 2 took at f.cpp:31 (refund); it holds lock A". Where
// that place is not known, "thread 1 waits for lock B, held by thread 2, at f.cpp:20 (transfer); it holds lock A".
std::string sentence(const Waiting& waiting);

// "reads counter = 0 (written by step 3)": steps are counted from 1, as lanes number them. Says nothing of `times`.
std::string sentence(const Deed& deed);

// The value as a person reads it: decimal, small negative numbers with their sign, hex from 2^32 on.
std::string value_text(std::uint64_t value, std::uint8_t size);

}  // namespace lab::explorer
