// Condition variables: see comparison.hpp.
#include <pthread.h>

#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/soundness/comparison.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

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

}  // namespace

TEST_CASE("the reduction and the default points lose no outcome of condition variables", "[soundness]") {
  for (const Scenario& scenario : conditions) check(scenario);
}
