// Planted faults that every working build reports, each by the judges that can see it. ./lab test asks them before it
// believes that a run is green (tools/lab/canaries.cpp): a judge that is silent here would be silent about anything.
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/support/claim.hpp"

using namespace lab::test;

namespace {
volatile int written_by_both = 0;  // volatile, or the optimiser drops what nobody reads
}

// The explorer and ThreadSanitizer. The latter looks an access up and notes it in two steps, so that it misses two that
// come at the very same moment: 2 of 500 such rounds here. Rounds do not depend on each other, and one report is enough.
CONCURRENT_CLAIM("canary: a data race", "[canary]", .rounds = 50) {
  trial.together("two writes that nothing orders", {[] { written_by_both = 1; }, [] { written_by_both = 2; }});
  return holds;
}

// Every judge. With real threads the second look comes while the other is between its own look and its store: certain
// within so many tries, as there are so many.
CONCURRENT_CLAIM("canary: a lost update", "[canary]", .rounds = 1000) {
  std::atomic<int> count{0};
  const int times = trial.times(1, 1000);
  const Body increment = [&] {
    for (int i = 0; i < times; ++i) {
      const int before = count;
      if (!trial.explored() && i % 16 == 0) std::this_thread::yield();
      count = before + 1;
    }
  };
  trial.together("two threads that count", {increment, increment});
  if (count != 2 * times) return "canary: an update is lost";
  return holds;
}

// Every judge. With real threads each waits until the other has its first lock.
CONCURRENT_CLAIM("canary: a deadlock", "[canary]", .rounds = 1) {
  std::mutex one;
  std::mutex other;
  std::atomic<int> held{0};
  const auto take = [&](std::mutex& first, std::mutex& second) {
    const std::lock_guard first_lock(first);
    ++held;
    while (!trial.explored() && held < 2) std::this_thread::yield();
    const std::lock_guard second_lock(second);
  };
  trial.together("canary: a deadlock", {[&] { take(one, other); }, [&] { take(other, one); }});
  return holds;
}

// The explorer and AddressSanitizer.
CONCURRENT_CLAIM("canary: a use after free", "[canary]", .rounds = 1) {
  auto* const freed = new std::atomic<int>(0);
  trial.together("a thread that frees, and then reads", {[&] {
                   delete freed;
                   (void)freed->load();
                 }});
  return holds;
}
