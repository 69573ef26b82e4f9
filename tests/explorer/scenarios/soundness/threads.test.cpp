// Threads and the rest: see comparison.hpp.
#include <pthread.h>
#include <semaphore.h>

#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/soundness/comparison.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

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

}  // namespace

TEST_CASE("the reduction and the default points lose no outcome of threads, time and the rest", "[soundness]") {
  for (const Scenario& scenario : others) check(scenario);
}
