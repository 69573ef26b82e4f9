// The reduction must lose nothing: whatever plain enumeration reaches within a bound, the reduced search reaches within
// it too. And the points that are chosen by default must lose nothing: whatever can be reached with a point at every
// access, they reach too.
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/agreement.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

std::atomic<int> x, y, z, turns;
int p, q, r;  // plain
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
pthread_once_t once = PTHREAD_ONCE_INIT;
sem_t s, t;

void reset() {
  x = y = z = turns = 0;
  p = q = r = 0;
  once = PTHREAD_ONCE_INIT;
}

struct Scenario {
  const char* name;
  void (*run)();
  bool finite = true;  // without a bound there is an end, and a near one: nothing spins
};

// Where nothing spins every search ends by itself within the first number of runs. Where something does, there is no
// end without a bound, and of the others all but a few end within the second.
constexpr std::uint64_t most_runs = 30'000, most_runs_of_spinning = 3000;

void check(const Scenario& scenario) {
  DYNAMIC_SECTION(scenario.name) {
    std::vector<unsigned> bounds{0, 1, 2, 3};
    if (scenario.finite) bounds.push_back(no_bound);
    const std::vector<Options> searches =
        searches_to_compare(bounds, scenario.finite ? most_runs : most_runs_of_spinning);
    const std::vector<Searched> results = searched(scenario.run, searches);
    CHECK(disagreements(searches, results) == "");
    for (std::size_t i = 0; i + 2 < results.size(); ++i) {
      INFO("search " << i);
      if (scenario.finite || (searches[i].bound <= 1 && searches[i].method == Method::deviations))
        CHECK_FALSE(results[i].stopped_at_budget);
    }
  }
}

// --- locks -----------------------------------------------------------------------------------------------------

void push(int digit) { turns = turns * 10 + digit; }

const Scenario locks[] = {
    {"two critical sections",
     [] {
       reset();
       const auto section = [](int digit) {
         pthread_mutex_lock(&m);
         p = p * 10 + digit;
         pthread_mutex_unlock(&m);
       };
       static auto in = section;
       together([] { in(1), in(2); }, [] { in(3), in(4); });
       came_to(p);
     }},
    {"two mutexes in one order",
     [] {
       reset();
       static const auto both = [](int digit) {
         pthread_mutex_lock(&m);
         p = p * 10 + digit;
         pthread_mutex_lock(&n);
         q = q * 10 + digit;
         pthread_mutex_unlock(&m);
         pthread_mutex_unlock(&n);
       };
       together([] { both(1); }, [] { both(2); });
       came_to(p, q);
     }},
    {"two mutexes in either order",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             pthread_mutex_lock(&n);
             pthread_mutex_unlock(&n);
             pthread_mutex_unlock(&m);
           },
           [] {
             pthread_mutex_lock(&n);
             pthread_mutex_lock(&m);
             pthread_mutex_unlock(&m);
             pthread_mutex_unlock(&n);
           });
     }},
    {"a try against a lock",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             x = 1;
             pthread_mutex_unlock(&m);
           },
           [] {
             if (pthread_mutex_trylock(&m) == 0) {
               p = 1 + x;
               pthread_mutex_unlock(&m);
             }
             q = x;
           });
       came_to(p, q);
     }},
    {"two tries against a lock",
     [] {
       reset();
       static const auto attempt = [](int digit) {
         if (pthread_mutex_trylock(&m) == 0) {
           p = p * 10 + digit;
           pthread_mutex_unlock(&m);
         }
       };
       together([] { attempt(1); }, [] { attempt(2); }, [] { attempt(3); });
       came_to(p);
     }},
    {"a lock with a time limit",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             x = 1;
             pthread_mutex_unlock(&m);
           },
           [] {
             timespec limit;
             clock_gettime(CLOCK_REALTIME, &limit);
             limit.tv_sec += 1;
             if (pthread_mutex_timedlock(&m, &limit) == 0) {
               p = 1 + x;
               pthread_mutex_unlock(&m);
             } else {
               p = 3 + x;
             }
           });
       came_to(p);
     }},
    {"readers and a writer",
     [] {
       reset();
       static const auto read = [](std::atomic<int>& into) {
         pthread_rwlock_rdlock(&rw);
         into = p;
         pthread_rwlock_unlock(&rw);
       };
       together([] { read(x); }, [] { read(y); },
                [] {
                  pthread_rwlock_wrlock(&rw);
                  p = 1;
                  pthread_rwlock_unlock(&rw);
                });
       came_to(x.load(), y.load());
     }},
    {"a reader that tries, and a writer",
     [] {
       reset();
       together(
           [] {
             if (pthread_rwlock_tryrdlock(&rw) == 0) {
               x = 1 + p;
               pthread_rwlock_unlock(&rw);
             }
           },
           [] {
             pthread_rwlock_wrlock(&rw);
             p = 1;
             pthread_rwlock_unlock(&rw);
           });
       came_to(x.load());
     }},
    {"a semaphore taken twice",
     [] {
       reset();
       sem_init(&s, 0, 1);
       static const auto take = [](int digit) {
         sem_wait(&s);
         p = p * 10 + digit;
         sem_post(&s);
       };
       together([] { take(1); }, [] { take(2); }, [] { take(3); });
       came_to(p);
     }},
    {"a semaphore that is tried",
     [] {
       reset();
       sem_init(&s, 0, 0);
       together([] { x = 1, sem_post(&s); },
                [] { y = sem_trywait(&s) == 0 ? 1 + x : 3 + x, p = sem_trywait(&s) == 0 ? 1 : 0; });
       came_to(y.load(), p);
     }},
};

// --- condition variables ---------------------------------------------------------------------------------------

void wait_until_positive(int digit) {
  pthread_mutex_lock(&m);
  while (p == 0) pthread_cond_wait(&c, &m);
  --p;
  q = q * 10 + digit;
  pthread_mutex_unlock(&m);
}

void raise_one() {
  pthread_mutex_lock(&m);
  ++p;
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
}

const Scenario conditions[] = {
    {"one waits, one notifies",
     [] {
       reset();
       together([] { wait_until_positive(1); }, raise_one);
       came_to(p, q);
     }},
    {"two wait, one notifies both one after the other",
     [] {
       reset();
       together([] { wait_until_positive(1); }, [] { wait_until_positive(2); }, [] { raise_one(), raise_one(); });
       came_to(p, q);
     }},
    {"two wait, all are notified",
     [] {
       reset();
       together([] { wait_until_positive(1); }, [] { wait_until_positive(2); },
                [] {
                  pthread_mutex_lock(&m);
                  p = 2;
                  pthread_cond_broadcast(&c);
                  pthread_mutex_unlock(&m);
                });
       came_to(p, q);
     }},
    {"a notification outside of the mutex",
     [] {
       reset();
       together([] { wait_until_positive(1); },
                [] {
                  pthread_mutex_lock(&m);
                  ++p;
                  pthread_mutex_unlock(&m);
                  pthread_cond_signal(&c);
                });
       came_to(p, q);
     }},
    {"a wait without a loop",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             if (p == 0) pthread_cond_wait(&c, &m);
             q = 1 + p;
             pthread_mutex_unlock(&m);
           },
           raise_one);
       came_to(q);
     }},
    {"a wait that is missed",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             pthread_cond_wait(&c, &m);
             pthread_mutex_unlock(&m);
           },
           [] { pthread_cond_signal(&c); });
     }},
    {"one of two waiters gets a notification, the other times out",
     [] {
       reset();
       static const auto wait = [](int digit) {
         timespec limit;
         clock_gettime(CLOCK_REALTIME, &limit);
         limit.tv_sec += digit;
         pthread_mutex_lock(&m);
         const int ended = pthread_cond_timedwait(&c, &m, &limit);
         q = q * 10 + (ended == 0 ? digit : digit + 2);
         pthread_mutex_unlock(&m);
       };
       together([] { wait(1); }, [] { wait(2); }, [] { pthread_cond_signal(&c); });
       came_to(q);
     }},
    {"a wait with a time limit and a predicate",
     [] {
       reset();
       together(
           [] {
             timespec limit;
             clock_gettime(CLOCK_REALTIME, &limit);
             limit.tv_sec += 1;
             pthread_mutex_lock(&m);
             while (p == 0 && pthread_cond_timedwait(&c, &m, &limit) == 0) {
             }
             q = 1 + p;
             pthread_mutex_unlock(&m);
           },
           raise_one);
       came_to(q);
     }},
};

// --- atomics and plain memory ----------------------------------------------------------------------------------

const Scenario memory[] = {
    {"stores that a third thread reads",
     [] {
       reset();
       together([] { x = 1, y = 1; }, [] { x = 2; }, [] { p = y, q = x; });
       came_to(x.load(), p, q);
     }},
    {"a compare-exchange loop",
     [] {
       reset();
       static const auto add = [](int digit) {
         int seen = x;
         while (!x.compare_exchange_weak(seen, seen * 10 + digit)) {
         }
       };
       together([] { add(1); }, [] { add(2); });
       came_to(x.load());
     }},
    {"updates that change nothing",
     [] {
       reset();
       together([] { x.fetch_add(0, std::memory_order_relaxed), x = 1; },
                [] { p = x.exchange(0, std::memory_order_relaxed), q = x.exchange(0); });
       came_to(p, q, x.load());
     }},
    {"yields between steps",
     [] {
       reset();
       together([] { x = 1, sched_yield(), y = x.load(); }, [] { x = 2, sched_yield(), z = x.load(); });
       came_to(x.load(), y.load(), z.load());
     }},
    {"three that yield",
     [] {
       reset();
       together([] { sched_yield(), x = x * 10 + 1; }, [] { sched_yield(), x = x * 10 + 2; }, [] { sched_yield(); });
       came_to(x.load());
     }},
    {"a spin for a flag",
     [] {
       reset();
       together(
           [] {
             while (x == 0) {
             }
             p = y;
           },
           [] { y = 1, x = 1, y = 2; });
       came_to(p);
     },
     false},
    {"a spin through values in between",
     [] {
       reset();
       together(
           [] {
             while (x != 2) {
             }
             p = y;
           },
           [] { x = 1, y = 1, x = 2, y = 2; });
       came_to(p);
     },
     false},
    {"a spin that counts its turns",
     [] {
       reset();
       together(
           [] {
             int spins = 0;
             while (x != 2 && spins < 3) ++spins;
             p = spins, q = y;
           },
           [] { x = 1, y = 1, x = 2, y = 2; });
       came_to(p, q);
     }},
    {"a spin lock made of exchange",
     [] {
       reset();
       static const auto section = [](int digit) {
         while (x.exchange(1, std::memory_order_acquire) != 0) {
         }
         p = p * 10 + digit;
         x = 0;
       };
       together([] { section(1); }, [] { section(2); });
       came_to(p);
     },
     false},
    {"two that spin for each other",
     [] {
       reset();
       together(
           [] {
             x = 1;
             while (y == 0) sched_yield();
             push(1);
           },
           [] {
             y = 1;
             while (x == 0) sched_yield();
             push(2);
           });
       came_to(turns.load());
     },
     false},
    {"racy increments",
     [] {
       reset();
       together([] { ++p, ++p; }, [] { ++p; });
       came_to(p);
     }},
    {"racy flag and data",
     [] {
       reset();
       together([] { p = 1, q = 1; }, [] { x = q + 1, y = p + 1; });
       came_to(x.load(), y.load());
     }},
    {"a race that shows in some schedules only",
     [] {
       reset();
       together(
           [] {
             p = 1;
             x = 1;
           },
           [] {
             if (x == 0) q = p + 1;
             y = 1;
           },
           [] {
             if (y == 1) p = 2;
           });
       came_to(p, q);
     }},
    {"a racy spin",
     [] {
       reset();
       together(
           [] {
             while (p == 0) {
             }
             x = q;
           },
           [] { q = 1, p = 1, q = 2; });
       came_to(x.load());
     },
     false},
    {"store buffering",
     [] {
       reset();
       together([] { x = 1, p = y; }, [] { y = 1, q = x; });
       came_to(p, q);
     }},
};

// --- threads and the rest --------------------------------------------------------------------------------------

void* end_at_once(void* digit) {
  push(static_cast<int>(reinterpret_cast<std::intptr_t>(digit)));
  return nullptr;
}

int* block;

const Scenario others[] = {
    {"a thread that makes a thread",
     [] {
       reset();
       together(
           [] {
             x = 1;
             pthread_t inner;
             pthread_create(&inner, nullptr, end_at_once, reinterpret_cast<void*>(1));
             y = x.load();
             pthread_join(inner, nullptr);
           },
           [] { x = 2, push(2); });
       came_to(x.load(), y.load(), turns.load());
     }},
    {"two that make a thread each",
     [] {
       reset();
       static const auto make = [](std::intptr_t digit) {
         pthread_t inner;
         pthread_create(&inner, nullptr, end_at_once, reinterpret_cast<void*>(digit));
         pthread_join(inner, nullptr);
       };
       together([] { make(1); }, [] { make(2); });
       came_to(turns.load());
     }},
    {"detached threads",
     [] {
       reset();
       pthread_t thread;
       pthread_create(&thread, nullptr, end_at_once, reinterpret_cast<void*>(1));
       pthread_detach(thread);
       pthread_create(&thread, nullptr, end_at_once, reinterpret_cast<void*>(2));
       pthread_detach(thread);
       came_to(turns.load());
     }},
    {"one-time initialisation",
     [] {
       reset();
       static const auto need = [] {
         pthread_once(&once, [] { x = 1, p = turns; });
         push(p + 1);
       };
       together([] { need(); }, [] { push(3), need(); });
       came_to(turns.load());
     }},
    {"a block that is given away and freed",
     [] {
       reset();
       block = new int(1);
       together(
           [] {
             pthread_mutex_lock(&m);
             if (block != nullptr) p = *block;
             pthread_mutex_unlock(&m);
           },
           [] {
             pthread_mutex_lock(&m);
             delete block;
             block = nullptr;
             pthread_mutex_unlock(&m);
             x = 1;
           });
       came_to(p, x.load());
     }},
    {"a block that is freed too early",
     [] {
       reset();
       block = new int(1);
       together([] { x = 1, p = *block; }, [] { q = x, delete block; });
     }},
    {"sleeps of different lengths",
     [] {
       reset();
       static const auto sleep_then = [](int digit) {
         const timespec duration{digit, 0};
         nanosleep(&duration, nullptr);
         y = x.exchange(digit);
       };
       together([] { sleep_then(2); }, [] { sleep_then(1); }, [] { x = 3; });
       came_to(x.load(), y.load());
     }},
    {"an atomic wait",
     [] {
       reset();
       together([] { x.wait(0), p = x; }, [] { x = 1, x.notify_one(), x = 2; });
       came_to(p);
     },
     false},
    {"a barrier",
     [] {
       reset();
       static pthread_barrier_t barrier;
       pthread_barrier_init(&barrier, nullptr, 2);
       static const auto meet = [](int digit) {
         push(digit);
         if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) x = digit;
         push(digit + 2);
       };
       together([] { meet(1); }, [] { meet(2); });
       came_to(x.load(), turns.load());
     }},
    {"semaphores that hand over a turn",
     [] {
       reset();
       sem_init(&s, 0, 0);
       sem_init(&t, 0, 0);
       together([] { push(1), sem_post(&s), sem_wait(&t), push(2); },
                [] { push(3), sem_post(&t), sem_wait(&s), push(4); });
       came_to(turns.load());
     }},
    {"main goes on beside its threads",
     [] {
       reset();
       pthread_t thread;
       pthread_create(&thread, nullptr, end_at_once, reinterpret_cast<void*>(1));
       push(2);
       x = 1;
       pthread_join(thread, nullptr);
       came_to(turns.load());
     }},
};

// --- what two runs with the same events may differ in ----------------------------------------------------------

void sleep_for(int seconds) {
  const timespec duration{seconds, 0};
  nanosleep(&duration, nullptr);
}

// Each of these is about one thing besides the events that decides how a run goes on.
const Scenario distinctions[] = {
    // A thread that has not begun costs one departure more to get past its sleep than one that sleeps already.
    {"whether a thread has begun",
     [] {
       reset();
       together([] { sleep_for(1), x = x * 10 + 1; }, [] { x = x * 10 + 2; }, [] { x = x * 10 + 3; });
       came_to(x.load());
     },
     false},
    // The first thread's sleep ends at 3 s or at 5 s, depending on whether it began before or after the second's end.
    // Then it is before or after the third's.
    {"when a sleep began",
     [] {
       reset();
       together([] { x = 1, sleep_for(3), y = y * 10 + 1; }, [] { sleep_for(2), z = 1; },
                [] { sleep_for(4), y = y * 10 + 2; });
       came_to(y.load());
     },
     false},
    // Whether the second read of x finds what the first found, or what was there when the first was about to be made.
    {"what a thread that reads again has seen",
     [] {
       reset();
       together(
           [] {
             int turns_taken = 0;
             while (x < 2) ++turns_taken;
             p = turns_taken;
           },
           [] { x = 1, y = 1, y = 2, x = 2; }, [] { z = y.load(); });
       came_to(p, z.load());
     },
     false},
    // The same with an update that fails.
    {"what a thread that tries again has seen",
     [] {
       reset();
       together(
           [] {
             int attempts = 0;
             for (int two = 2; !x.compare_exchange_strong(two, 3) && attempts < 4; two = 2) ++attempts;
             p = attempts;
           },
           [] { x = 1, y = 1, x = 2, y = 2; }, [] { z = y.load(); });
       came_to(p, z.load());
     },
     false},
    {"what a thread that tries a lock again has seen",
     [] {
       reset();
       together(
           [] {
             int attempts = 0;
             while (pthread_mutex_trylock(&m) != 0) ++attempts;
             pthread_mutex_unlock(&m);
             p = attempts;
           },
           [] {
             pthread_mutex_lock(&m);
             y = 1;
             pthread_mutex_unlock(&m);
             y = 2;
             pthread_mutex_lock(&m);
             y = 3;
             pthread_mutex_unlock(&m);
           });
       came_to(p < 9 ? p : 9);
     },
     false},
    // To whom a notification goes is a choice after the one of who goes on.
    {"who goes on, and who is then chosen",
     [] {
       reset();
       static const auto wait = [](int digit) {
         pthread_mutex_lock(&m);
         q = q * 10 + digit;
         sem_post(&s);
         pthread_cond_wait(&c, &m);
         q = q * 10 + digit + 2;
         pthread_mutex_unlock(&m);
       };
       sem_init(&s, 0, 0);
       together([] { wait(1); }, [] { wait(2); },
                [] {
                  sem_wait(&s), sem_wait(&s);
                  pthread_mutex_lock(&m);
                  pthread_cond_signal(&c);
                  pthread_mutex_unlock(&m);
                  pthread_mutex_lock(&m);
                  q = q * 10 + 5;
                  pthread_cond_broadcast(&c);
                  pthread_mutex_unlock(&m);
                },
                [] { y = 1; });
       came_to(q);
     },
     false},
};

}  // namespace

TEST_CASE("states that go on in different ways are told apart", "[soundness]") {
  for (const Scenario& scenario : distinctions) check(scenario);
}

TEST_CASE("the reduction and the default points lose no outcome of locks", "[soundness]") {
  for (const Scenario& scenario : locks) check(scenario);
}

TEST_CASE("the reduction and the default points lose no outcome of condition variables", "[soundness]") {
  for (const Scenario& scenario : conditions) check(scenario);
}

TEST_CASE("the reduction and the default points lose no outcome of atomic and of plain memory", "[soundness]") {
  for (const Scenario& scenario : memory) check(scenario);
}

TEST_CASE("the reduction and the default points lose no outcome of threads, time and the rest", "[soundness]") {
  for (const Scenario& scenario : others) check(scenario);
}
