// The claims of soundness/ for programs that nobody thought of.
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/agreement.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/programs.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

std::atomic<int> atomics[2];
int racy[2];
int guarded[2];
pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
bool flag;  // guarded by the first mutex
pthread_cond_t raised = PTHREAD_COND_INITIALIZER;
sem_t semaphores[2];
std::uint64_t seen[most_threads];

void change(int which, int thread) { guarded[which] = guarded[which] * 5 + thread + 1; }

// What the instruction saw: 0 where there is nothing to see.
int carry_out(const Instruction& one, int thread) {
  const int which = one.variable;
  switch (one.deed) {
    case Deed::load:
      return atomics[which].load() + 1;
    case Deed::store:
      atomics[which].store(one.value);
      return 0;
    case Deed::add:
      return atomics[which].fetch_add(one.value) + 1;
    case Deed::section:
      pthread_mutex_lock(&mutexes[which]);
      change(which, thread);
      pthread_mutex_unlock(&mutexes[which]);
      return 0;
    case Deed::nested:
      pthread_mutex_lock(&mutexes[which]);
      change(which, thread);
      pthread_mutex_lock(&mutexes[1 - which]);
      change(1 - which, thread);
      pthread_mutex_unlock(&mutexes[1 - which]);
      pthread_mutex_unlock(&mutexes[which]);
      return 0;
    case Deed::attempt:
      if (pthread_mutex_trylock(&mutexes[which]) != 0) return 1;
      change(which, thread);
      pthread_mutex_unlock(&mutexes[which]);
      return 2;
    case Deed::racy_read:
      return which == 0 ? racy[0] + 1 : racy[1] + 1;
    case Deed::racy_write:
      if (which == 0) {
        racy[0] = one.value;
      } else {
        racy[1] = one.value;
      }
      return 0;
    case Deed::wait:
      pthread_mutex_lock(&mutexes[0]);
      while (!flag) pthread_cond_wait(&raised, &mutexes[0]);
      change(0, thread);
      pthread_mutex_unlock(&mutexes[0]);
      return 0;
    case Deed::raise:
      pthread_mutex_lock(&mutexes[0]);
      flag = true;
      if (which == 0) {
        pthread_cond_signal(&raised);
      } else {
        pthread_cond_broadcast(&raised);
      }
      pthread_mutex_unlock(&mutexes[0]);
      return 0;
    case Deed::yield:
      sched_yield();
      return 0;
    case Deed::take:
      sem_wait(&semaphores[which]);
      return 0;
    case Deed::give:
      sem_post(&semaphores[which]);
      return 0;
    case Deed::sleep: {
      const timespec duration{one.value, 0};
      nanosleep(&duration, nullptr);
      return 0;
    }
  }
  return 0;
}

void interpret(int thread) {
  std::uint64_t all = 0;
  for (int i = 0; i < instruction_count(thread); ++i)
    all = all * 11 + static_cast<std::uint64_t>(carry_out(instruction(thread, i), thread));
  seen[thread] = all;
}

void run_program() {
  atomics[0] = atomics[1] = 0;
  racy[0] = racy[1] = guarded[0] = guarded[1] = 0;
  flag = false;
  for (sem_t& semaphore : semaphores) sem_init(&semaphore, 0, 1);
  for (std::uint64_t& one : seen) one = 0;
  if (thread_count() == 2) {
    together([] { interpret(0); }, [] { interpret(1); });
  } else {
    together([] { interpret(0); }, [] { interpret(1); }, [] { interpret(2); });
  }
  // A hash of all that there is to see.
  std::uint64_t outcome = 0;
  const auto enter = [&](auto value) {
    outcome = (outcome + static_cast<std::uint64_t>(value) + 1) * 0x9e3779b97f4a7c15u;
    outcome ^= outcome >> 29;
  };
  for (const std::uint64_t one : seen) enter(one);
  for (const std::atomic<int>& one : atomics) enter(one.load());
  for (const int one : racy) enter(one);
  for (const int one : guarded) enter(one);
  outcomes().add(outcome);
}

}  // namespace

TEST_CASE("the reduction and the default points lose no outcome of generated programs", "[soundness]") {
  // Those whose plain enumeration takes more than this are left out: about one in five.
  constexpr std::uint64_t most_runs = 1000;
  const std::uint64_t programs = thorough() ? 3000 : 300;
  std::uint64_t kept = 0;
  for (std::uint64_t number = 0; number < programs; ++number) {
    draw_program(number);
    std::vector<Options> searches = searches_to_compare({no_bound, 0, 1, 2}, most_runs);
    const std::vector<Searched> results = searched(run_program, searches, true);
    if (results.empty()) continue;
    ++kept;
    INFO("program " << number << ": " << program_text());
    CHECK(disagreements(searches, results) == "");
  }
  WARN(kept << " of " << programs << " programs were small enough");
  CHECK(kept * 3 >= programs * 2);
}
