// Locks: see comparison.hpp.
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/soundness/comparison.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

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

}  // namespace

TEST_CASE("the reduction and the default points lose no outcome of locks", "[soundness]") {
  for (const Scenario& scenario : locks) check(scenario);
}
