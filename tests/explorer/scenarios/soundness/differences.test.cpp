// What two runs with the same events may differ in: see comparison.hpp.
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
