// A concurrent claim: threads, and what must hold when they have ended. It is written once and knows no judge; which
// one tries it is decided at the link:
//
//   stress.cpp              real threads, many rounds: suite_*, in every build, ThreadSanitizer's among them
//   tests/explored/judge.cpp the explorer's schedules, one thread at a time: explored_*
//
//   CONCURRENT_CLAIM("two updates of distinct keys are both kept", "[C3][B1]", .rounds = 20) {
//     const World world;
//     const SessionId id = world.create();
//     trial.together("two updates of one session", {[&] { (void)world->update_session(id, "a", "x"); },
//                                                   [&] { (void)world->update_session(id, "b", "x"); }});
//     const std::size_t kept = world->get_session(id).value().metadata.size();
//     if (kept != 2) return fmt::format("lost update: {} of 2 keys are kept", kept);
//     return holds;
//   }
//
// What a claim must do: make all that it works on anew, for it is called many times in one process; depend on nothing
// but its threads' schedule and trial; return in which way it is broken, in one sentence, or `holds`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/support/rounds.hpp"
#include "tests/support/threads.hpp"

namespace lab::test {

using Broken = std::optional<std::string>;
inline constexpr std::nullopt_t holds = std::nullopt;

// One trial of a claim: what its judge offers. It belongs to the thread that runs the claim.
class Trial {
public:
  Trial() = default;
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  virtual ~Trial() = default;

  // Runs each body on a thread of its own and returns when all have returned; `what` is named if they never do.
  virtual void together(const std::string& what, const std::vector<Body>& bodies) = 0;

  // Whether every meeting of the threads is tried, one thread at a time. Else they run at once and meet by luck.
  virtual bool explored() const = 0;

  // From 1; the number of this trial.
  virtual int round() const = 0;

  // Whether some wait of this trial ended only because its time was up and nothing else could happen. False where
  // time is real: who waits in vain there is stuck, and told by together().
  virtual bool ended_by_time() const = 0;

  // How often to do something.
  int times(int where_explored, int where_lucky) const { return explored() ? where_explored : where_lucky; }
};

struct Traits {
  int rounds = 1000;            // with real threads
  bool own_process = false;     // there is one such moment in a process (C14): each explored run has its own
  bool first_race = false;      // the exploration ends at the first data race
  bool one_schedule = false;    // no thread meets another: the first schedule tells as much as all
  bool early_time_outs = true;  // a time-out may fire although others can still run; else only when nothing else can
};

struct Claim {
  const char* name;
  const char* tags;  // without [concurrent]
  Broken (*run)(Trial&);
  const char* file;
  int line;
  Traits traits;
};

// In the order of their making; complete once main() has begun.
const std::vector<const Claim*>& claims();

// Tries a claim and tells the running Catch2 test what came of it.
using Judge = void (*)(const Claim& claim);

// Makes each claim a test of Catch2's, tagged [concurrent] as well. To be called once, before its session.
void register_claims(Judge judge);

class Enlisted {
public:
  explicit Enlisted(const Claim& claim);
};

}  // namespace lab::test

#define LAB_JOIN_(a, b) a##b
#define LAB_JOIN(a, b) LAB_JOIN_(a, b)
#define LAB_CLAIM(id, name, tags, ...)                                                             \
  static ::lab::test::Broken LAB_JOIN(claim_, id)(::lab::test::Trial&);                            \
  static const ::lab::test::Claim LAB_JOIN(record_, id){name,     tags,     &LAB_JOIN(claim_, id), \
                                                        __FILE__, __LINE__, {__VA_ARGS__}};        \
  static const ::lab::test::Enlisted LAB_JOIN(enlisted_, id){LAB_JOIN(record_, id)};               \
  static ::lab::test::Broken LAB_JOIN(claim_, id)([[maybe_unused]] ::lab::test::Trial & trial)

// CONCURRENT_CLAIM(name, tags, traits...) { body }, where the traits are designated initialisers of Traits.
#define CONCURRENT_CLAIM(name, tags, ...) LAB_CLAIM(__COUNTER__, name, tags, __VA_ARGS__)
