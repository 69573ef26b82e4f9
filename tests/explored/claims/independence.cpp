// C12 (b): a thread that is stopped at any point where it holds a lock for a time that grows with its session's size
// stops nobody who works on other sessions. Without a clock: time is the thread's own accesses to memory.
//
// Each operation is run alone on a session of 4 keys and on one of 64, and its holds of locks are noted. For each that
// is longer at 64, it is run beside a second thread: the first stops at the begin, in the middle and near the end of
// that hold, and the second does every operation on eight other sessions and then lets it go. If it waits for what the
// first holds, nothing can go on, and the explorer says so.
//
// Locks inside the database don't count: it is not stopped while it holds one. Locks that an implementation makes of
// atomics are not known as such; who spins on one is found all the same, where a known lock is held within.
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <new>
#include <optional>
#include <thread>
#include <vector>

#include "tests/explored/judge.hpp"
#include "tests/explored/options.hpp"
#include "tests/explored/places.hpp"
#include "tests/support/other_work.hpp"
#include "tests/support/world.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::test {
namespace {

using exercises::Evidence;
using exercises::EvidencePlace;

constexpr std::size_t few_keys = 4, many_keys = 64;
// A time that grows with the session's size takes an access at least for each key more. A look-up in the metadata does
// not: it compares 4 more keys in 64 than in 4, and a comparison is a few accesses; nor does what touches no key, which
// makes the same accesses in both.
constexpr std::uint64_t growth_min = many_keys - few_keys;
constexpr int other_sessions = 8;

// What the session is that the operation works on.
enum class State { fresh, stale, newer_elsewhere, idle, marked, made_elsewhere };

struct Operation {
  const char* name;
  State state;
  void (*run)(const World& world, const SessionId& session, const SessionId& second);
};

const Operation operations[] = {
    {"create_session", State::fresh, [](const World& w, const auto&, const auto&) { (void)w.create(); }},
    {"get_session of a fresh copy", State::fresh,
     [](const World& w, const auto& a, const auto&) { must(w->get_session(a)); }},
    {"get_session of a stale copy", State::stale,
     [](const World& w, const auto& a, const auto&) { must(w->get_session(a)); }},
    {"get_session of a copy that is older than the row", State::newer_elsewhere,
     [](const World& w, const auto& a, const auto&) { must(w->get_session(a)); }},
    {"get_session of a session that another process made", State::made_elsewhere,
     [](const World& w, const auto& a, const auto&) { must(w->get_session(a)); }},
    {"update_session", State::fresh,
     [](const World& w, const auto& a, const auto&) { must(w->update_session(a, "key 1", "new")); }},
    {"update_session of a copy that is older than the row", State::newer_elsewhere,
     [](const World& w, const auto& a, const auto&) { must(w->update_session(a, "key 1", "new")); }},
    {"increment_access", State::fresh,
     [](const World& w, const auto& a, const auto&) { must(w->increment_access(a)); }},
    {"set_authenticated", State::fresh,
     [](const World& w, const auto& a, const auto&) { must(w->set_authenticated(a, false)); }},
    {"delete_session", State::fresh, [](const World& w, const auto& a, const auto&) { must(w->delete_session(a)); }},
    {"merge_sessions", State::fresh,
     [](const World& w, const auto& a, const auto& b) { must(w->merge_sessions(a, b)); }},
    {"expire_idle", State::idle, [](const World& w, const auto&, const auto&) { (void)w->expire_idle(); }},
    {"run_cleanup", State::marked, [](const World& w, const auto&, const auto&) { (void)w->run_cleanup(); }},
};

// A world with the two sessions that an operation may work on, of so many keys each, and others.
struct Sessions {
  World world;
  SessionId session, second;
  std::vector<SessionId> others;

  Sessions(State state, std::size_t keys) {
    const WallTime now = world.clock->manual.now().wall;
    const bool idle = state == State::idle;
    if (state != State::made_elsewhere) session = add("a", keys, idle ? now - world.settings.idle_timeout - 1s : now);
    second = add("b", keys, now);
    for (int i = 0; i < other_sessions; ++i) others.push_back(add(fmt::format("{}", i), 0, now));
    world.manager = world.restarted();
    if (state == State::made_elsewhere) session = add("a", keys, now);
    if (state == State::stale) world.advance(world.settings.cache_ttl + 1ns);
    if (state == State::newer_elsewhere) {
      world.advance(world.settings.cache_ttl + 1ns);
      world.write_elsewhere(session, [](SessionData& data) { ++data.access_count; });
    }
    if (state == State::marked) must(world->delete_session(session));
  }

private:
  // In the database alone: the manager is made over it, so that nothing has to be built up key by key.
  SessionId add(const std::string& name, std::size_t keys, WallTime last_activity) const {
    Row row;
    row.version = 1;
    row.data.session_id = SessionId(fmt::format("{:0>8}-0000-4000-8000-000000000000", name));
    row.data.user_id = row.data.username = name;
    row.data.last_activity = last_activity;
    row.data.is_authenticated = true;
    for (std::size_t key = 0; key < keys; ++key) row.data.metadata[fmt::format("key {} of {}", key, name)] = "value";
    must(world.rows->save(row, 0));
    return row.data.session_id;
  }
};

struct Noted {
  std::uint64_t accesses, begun;
  bool of_database;
  std::uint32_t frame_count;
  std::uint64_t frames[explorer::max_frames];  // where it was taken
};

// What a run tells: it is made in another process.
struct Told {
  bool stopped;
  std::size_t count;
  Noted holds[4096];
};

class Shared {
public:
  Shared()
      : told_(static_cast<Told*>(
            ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (told_ == MAP_FAILED) throw std::bad_alloc();
  }
  ~Shared() { ::munmap(told_, sizeof(Told)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Told& operator*() const { return *told_; }
  Told* operator->() const { return told_; }

private:
  Told* const told_;
};

void tell(Told& told, const std::vector<explorer::Hold>& holds, std::uint64_t database_lock) {
  told.count = 0;
  for (const explorer::Hold& hold : holds) {
    Noted& noted = told.holds[told.count++];
    noted.accesses = hold.accesses;
    noted.begun = hold.begun;
    noted.of_database = hold.address == database_lock;
    noted.frame_count = static_cast<std::uint32_t>(hold.frames.size());
    std::copy(hold.frames.begin(), hold.frames.end(), noted.frames);
  }
}

// The database has one lock, which whatever is asked of it takes first.
std::uint64_t database_lock_of(const World& world) {
  explorer::note_holds();
  must(world.rows->purge(SessionId()));
  return explorer::noted_holds().front().address;
}

// In which way an operation breaks the claim, or why that can't be said.
struct Failure {
  std::string verdict;   // the explorer's word
  std::string sentence;  // it ends with a line of the implementation's, where a lock stands in the way
  explorer::Place taken, waiting;
};

class Independence {
public:
  // `names` is of this program.
  Independence(const Operation& operation, explorer::Names& names) : operation_(operation), names_(names) {}

  std::optional<Failure> failure() {
    std::vector<Noted> at_few, at_many;
    if (auto failed = note(few_keys, at_few)) return failed;
    if (auto failed = note(many_keys, at_many)) return failed;
    for (std::size_t hold = 0; hold < at_many.size(); ++hold) {
      if (at_many[hold].of_database || !grows(at_few, at_many, hold)) continue;
      ++growing;
      const std::vector<std::uint64_t> points = stopping_points(at_many, hold);
      if (points.empty()) return unjudged("holds a lock only while it holds another within");
      for (const std::uint64_t access : {points.front(), points[points.size() / 2], points.back()}) {
        if (auto failed = stop_in(hold, access)) return failed;
        ++stops;
      }
    }
    return {};
  }

  std::uint64_t runs = 0;
  int growing = 0;  // holds
  int stops = 0;    // in these, that held up nobody

private:
  // The schedule in which the first thread runs until it stops, then the second.
  explorer::Replayed run(const std::function<void()>& scenario) {
    static const explorer::Plan plan;
    ++runs;
    return explorer::replay(scenario, plan);
  }

  Failure unjudged(const std::string& why) const {
    return {std::string(verdict_word(explorer::Verdict::could_not_judge)),
            fmt::format("{} {}", operation_.name, why),
            {},
            {}};
  }

  std::optional<Failure> note(std::size_t keys, std::vector<Noted>& noted) {
    const explorer::Replayed alone = run([&] {
      const Sessions sessions(operation_.state, keys);
      const std::uint64_t database_lock = database_lock_of(sessions.world);
      std::thread worker([&] {
        explorer::note_holds();
        operation_.run(sessions.world, sessions.session, sessions.second);
        const std::vector<explorer::Hold> holds = explorer::noted_holds();
        explorer::unseen([&] { tell(*shared_, holds, database_lock); });
      });
      worker.join();
    });
    const explorer::Log& log = alone.exchange->log;
    if (log.verdict != explorer::Verdict::passed) {
      const std::string word(verdict_word(log.verdict));
      return Failure{word, fmt::format("{} fails alone: {}: {}", operation_.name, word, log.message), {}, {}};
    }
    noted.assign(shared_->holds, shared_->holds + shared_->count);
    return {};
  }

  static std::vector<std::uint64_t> frames_of(const Noted& hold) {
    return {hold.frames, hold.frames + hold.frame_count};
  }

  // Compared with the hold that was taken at the same place at few keys, by the same callers, as the how manieth there;
  // if there were fewer, with the longest of them.
  static bool grows(const std::vector<Noted>& at_few, const std::vector<Noted>& at_many, std::size_t hold) {
    const auto frames = frames_of(at_many[hold]);
    const auto is_alike = [&](const Noted& other) { return frames_of(other) == frames; };
    const auto number = static_cast<std::size_t>(
        std::count_if(at_many.begin(), at_many.begin() + static_cast<std::ptrdiff_t>(hold), is_alike));
    std::vector<std::uint64_t> alike;
    for (const Noted& other : at_few)
      if (is_alike(other)) alike.push_back(other.accesses);
    const std::uint64_t before = number < alike.size() ? alike[number]
                                 : alike.empty()       ? 0
                                                       : *std::max_element(alike.begin(), alike.end());
    return at_many[hold].accesses >= before + growth_min;
  }

  // The accesses within the hold before which the thread holds no lock that it took after this one.
  static std::vector<std::uint64_t> stopping_points(const std::vector<Noted>& holds, std::size_t hold) {
    const Noted& outer = holds[hold];
    std::vector<bool> open(outer.accesses + 1, true);
    for (std::size_t i = hold + 1; i < holds.size() && holds[i].begun < outer.begun + outer.accesses; ++i) {
      const std::uint64_t begin = holds[i].begun - outer.begun;
      const std::uint64_t end = std::min(begin + holds[i].accesses, outer.accesses);
      for (std::uint64_t access = begin + 1; access <= end; ++access) open[access] = false;
    }
    std::vector<std::uint64_t> points;
    for (std::uint64_t access = 1; access <= outer.accesses; ++access)
      if (open[access]) points.push_back(access);
    return points;
  }

  std::optional<Failure> stop_in(std::size_t hold, std::uint64_t access) {
    shared_->stopped = false;
    const explorer::Replayed beside = run([&] {
      const Sessions sessions(operation_.state, many_keys);
      (void)database_lock_of(sessions.world);  // as when it was noted
      std::atomic<bool> returned = false;
      std::thread worker([&] {
        explorer::stop_in_hold(hold, access);
        operation_.run(sessions.world, sessions.session, sessions.second);
        returned = true;
      });
      std::thread other([&] {
        // Whoever makes tens of thousands of accesses in a row yields to others, though it has not stopped yet.
        while (!explorer::stopped() && !returned) continue;
        shared_->stopped = explorer::stopped();
        work_on(sessions.world, sessions.others);
        explorer::let_go();
      });
      worker.join();
      other.join();
    });
    const explorer::Log& log = beside.exchange->log;
    if (!shared_->stopped) return unjudged(fmt::format("was not stopped in its hold {}", hold));
    if (log.verdict == explorer::Verdict::passed) return {};
    return in_the_way(log);
  }

  // Who waits where, and for what.
  Failure in_the_way(const explorer::Log& log) {
    Failure failure{std::string(verdict_word(log.verdict)),
                    fmt::format("work on other sessions waits for {}: ", operation_.name),
                    {},
                    {}};
    for (std::uint32_t i = 0; i < log.blocked_count; ++i) {
      const explorer::Blocked& blocked = log.blocked[i];
      if (!blocked.has_holder || blocked.taken_count == 0) continue;
      failure.taken = place_in_implementation(blocked.taken, blocked.taken_count, names_);
      failure.waiting = place_in_implementation(blocked.frames, blocked.frame_count, names_);
      failure.sentence += fmt::format(
          "thread {} waits at {} for the lock that thread {} took at {}: {}", blocked.thread, location(failure.waiting),
          blocked.holder, location(failure.taken), names_.source_line(failure.taken.file, failure.taken.line));
      return failure;
    }
    failure.sentence += fmt::format("{}: {}", failure.verdict, log.message);
    return failure;
  }

  const Operation& operation_;
  explorer::Names& names_;
  const Shared shared_;
};

EvidencePlace evidence_of(const explorer::Place& place) { return {location(place), place.function}; }

constexpr char claim[] = "no lock that is held while a large session is worked on holds up work on others";

}  // namespace

TEST_CASE(claim, "[explored][C12][no-C12]") {
  const auto names = explorer::Symbols::open("/proc/self/exe");
  if (!names) FAIL(names.error());
  const auto begun = std::chrono::steady_clock::now();
  Evidence evidence;
  evidence.test = claim;
  evidence.tags = "[C12][no-C12]";
  evidence.verdict = verdict_word(explorer::Verdict::passed);
  evidence.threads = 2;
  int growing = 0, stops = 0, failures = 0;
  for (const Operation& operation : operations) {
    Independence independence(operation, **names);
    const std::optional<Failure> failure = independence.failure();
    growing += independence.growing;
    stops += independence.stops;
    evidence.runs += independence.runs;
    if (!failure) continue;
    fmt::print("independence: {}\n", failure->sentence);
    if (failures++ > 0) continue;
    evidence.verdict = failure->verdict;
    evidence.summary = "independence: " + failure->sentence;
    if (!failure->taken.file.empty()) {
      evidence.location = location(failure->taken);
      evidence.function = failure->taken.function;
      evidence.places = {evidence_of(failure->taken), evidence_of(failure->waiting)};
    }
    if (explored_options().brief) break;  // one is enough to fail
  }
  evidence.bound = fmt::format("{} stops in the {} holds that grow with the session's size", stops, growing);
  evidence.exhaustive = failures == 0;
  evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  fmt::print("{} operations: {}; {} runs\n", std::size(operations), evidence.bound, evidence.runs);
  std::fflush(stdout);
  collect(evidence);
  CHECK(failures == 0);
}

}  // namespace lab::test
