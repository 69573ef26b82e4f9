// The number of runs and the set of outcomes, both exact.
//
// How schedules are counted. A thread of k operations has k + 1 steps: its start, which ends at its first operation's
// point, and each operation with what follows it up to the next point or the end. Creation is no step. Main waits for
// the threads in order: its join of thread i is a step of its own that comes after that thread's last. So the schedules
// are the orders of all these steps that respect the chains. For two threads, merge the chain (thread 1, join 1) of
// k + 2 steps with the chain of thread 2, k + 1; join 2 is last: C(2k+3, k+1). A third thread: merge what this is a
// chain of, 2k + 4 steps, with its k + 1: C(3k+5, k+1) times as many.
//
// How runs are counted with the reduction. Every alternative but the first is departed to once in each state: 1 + the
// sum over the states of (alternatives - 1). A state is a set of events with their order where that matters, who has
// started, and who is running. The numbers below for more than two threads, or of dependent operations, are those of a
// program of twenty lines that counts such states by this definition, independent of the explorer.
#include <pthread.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

using Set = std::set<std::uint64_t>;

std::atomic<int> x, y, z, turn;
int order;
int found[4];
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

template <int operations>
void store_1() {
  for (int i = 0; i < operations; ++i) x.store(1);
}
template <int operations>
void store_2() {
  for (int i = 0; i < operations; ++i) x.store(2);
}
template <int operations>
void store_3() {
  for (int i = 0; i < operations; ++i) x.store(3);
}
template <int operations>
void store_y() {
  for (int i = 0; i < operations; ++i) y.store(1);
}
template <int operations>
void store_z() {
  for (int i = 0; i < operations; ++i) z.store(1);
}

void reset() {
  x = y = z = turn = order = 0;
  for (int& one : found) one = 0;
}

template <int operations>
void two_on_one_variable() {
  reset();
  together(store_1<operations>, store_2<operations>);
  came_to(x.load());
}
template <int operations>
void two_on_two_variables() {
  reset();
  together(store_1<operations>, store_y<operations>);
  came_to(x.load(), y.load());
}
template <int operations>
void three_on_one_variable() {
  reset();
  together(store_1<operations>, store_2<operations>, store_3<operations>);
  came_to(x.load());
}
template <int operations>
void three_on_three_variables() {
  reset();
  together(store_1<operations>, store_y<operations>, store_z<operations>);
  came_to(x.load(), y.load(), z.load());
}

// By plain enumeration `plain` runs and by reduced search `reduced` ones come to exactly these outcomes, and then there
// are no others.
void check(void (*scenario)(), std::uint64_t plain, std::uint64_t reduced, const Set& expected) {
  for (const bool reduce : {false, true}) {
    INFO((reduce ? "reduced" : "plain"));
    const Explored all = explored(scenario, exhaustively(reduce));
    CHECK(all.findings.verdict == Verdict::passed);
    CHECK(all.findings.complete);
    CHECK(all.findings.exhaustive);
    CHECK(all.findings.runs == (reduce ? reduced : plain));
    CHECK(all.outcomes == expected);
  }
}

}  // namespace

// Operations a1.. and b1.., starts A and B, the join of the first thread J. One each: A a1 J and B b1 merge in
// C(5,2) = 10 ways:
//   A a1 J B b1   A a1 B J b1   A a1 B b1 J   A B a1 J b1   A B a1 b1 J
//   A B b1 a1 J   B A a1 J b1   B A a1 b1 J   B A b1 a1 J   B b1 A a1 J
// Reduced, 8 states have two alternatives: nothing done, and main runs, or either thread, and the other has started or
// not; a1 done, and the first thread was the last to run, and the second has started or not; a1 done, the second runs.
TEST_CASE("two threads that store to one variable have C(2k+3, k+1) schedules", "[counts]") {
  check(two_on_one_variable<1>, 10, 9, {1, 2});
  check(two_on_one_variable<2>, 35, 20, {1, 2});
  check(two_on_one_variable<3>, 126, 49, {1, 2});
}

// Reduced, with a operations of the first thread done and b of the second, a choice of two is where
//   nothing has started: 1,
//   a, b < k, and either runs; that the other has none done is two states, before and after its start: 2 k (k + 1),
//   a = k, b < k, not joined yet: after the first thread's end k + 1, or running the second k.
// Together with the first run 2kk + 4k + 3.
TEST_CASE("two threads on two variables have as many schedules, of which 2kk + 4k + 3 are run", "[counts]") {
  check(two_on_two_variables<1>, 10, 9, {11});
  check(two_on_two_variables<2>, 35, 19, {11});
  check(two_on_two_variables<3>, 126, 33, {11});
}

// C(5,2) C(8,2) = 280, C(7,3) C(11,3) = 5775, C(9,4) C(14,4) = 126126.
TEST_CASE("three threads have C(2k+3, k+1) C(3k+5, k+1) schedules", "[counts]") {
  check(three_on_one_variable<1>, 280, 87, {1, 2, 3});
  check(three_on_one_variable<2>, 5775, 491, {1, 2, 3});
  check(three_on_three_variables<1>, 280, 82, {111});
  check(three_on_three_variables<2>, 5775, 240, {111});
}

TEST_CASE("three threads of three operations each are enumerated to the last of 126126 schedules", "[counts]") {
  const Explored plain = explored(three_on_three_variables<3>, exhaustively(false));
  CHECK(plain.findings.complete);
  CHECK(plain.findings.runs == 126'126);
  const Explored reduced = explored(three_on_three_variables<3>, exhaustively(true));
  CHECK(reduced.findings.complete);
  CHECK(reduced.findings.runs == 524);
}

// A critical section without points is one step, like a store: to give the mutex back is none.
TEST_CASE("two critical sections are two steps", "[counts]") {
  check(
      [] {
        reset();
        static const auto section = [](int digit) {
          pthread_mutex_lock(&mutex);
          order = order * 10 + digit;
          pthread_mutex_unlock(&mutex);
        };
        together([] { section(1); }, [] { section(2); });
        came_to(order);
      },
      10, 9, {12, 21});
}

// With a point within, a section is the steps L a, and no other L comes between them. The first thread's section first:
// L a and M b in that order, A before L, J after a, B before M. J is before M (then B has 5 places), between M and b,
// or last (4 places each): 13. The second's first: J is last, and A is anywhere before L: B M b L a has 4 places. 17 in
// all.
TEST_CASE("sections of a mutex do not overlap, whatever points are within", "[counts]") {
  check(
      [] {
        reset();
        static const auto store_within = [](int digit) {
          pthread_mutex_lock(&mutex);
          x.store(digit);
          pthread_mutex_unlock(&mutex);
        };
        together([] { store_within(1); }, [] { store_within(2); });
        came_to(x.load());
      },
      17, 12, {1, 2});
}

// x = 1; r = y || y = 1; s = x. Sequentially consistent, one of the loads is last and finds 1: (0,0) cannot be.
// Two operations each: C(7,3) = 35.
TEST_CASE("store buffering comes to all but (0, 0)", "[counts]") {
  check(
      [] {
        reset();
        together([] { x = 1, found[0] = y; }, [] { y = 1, found[1] = x; });
        came_to(found[0], found[1]);
      },
      35, 19, {1, 10, 11});
}

// x = 1; y = 1 || r = y; s = x. Who sees the flag sees the data: (1,0) cannot be.
TEST_CASE("message passing comes to all but (1, 0)", "[counts]") {
  check(
      [] {
        reset();
        together([] { x = 1, y = 1; }, [] { found[0] = y, found[1] = x; });
        came_to(found[0], found[1]);
      },
      35, 19, {0, 1, 11});
}

// x = 1 || y = 1 || r = x; s = y || t = y; u = x. All but the two readers' seeing the stores in opposite orders,
// r s t u = 1 0 1 0. Merged one after the other: (A x J) with (B y): C(5,2) = 10; with the second join 6 steps, with
// the third thread's 3: C(9,3) = 84; with its join 10 steps, with the fourth's 3: C(13,3) = 286. 10 84 286 = 240240
// schedules.
TEST_CASE("independent reads of independent writes agree on the order", "[counts]") {
  const auto scenario = [] {
    reset();
    together([] { x = 1; }, [] { y = 1; }, [] { found[0] = x, found[1] = y; }, [] { found[2] = y, found[3] = x; });
    came_to(found[0], found[1], found[2], found[3]);
  };
  const Set expected{0, 1, 10, 11, 100, 101, 110, 111, 1000, 1001, 1011, 1100, 1101, 1110, 1111};
  const Explored reduced = explored(scenario, exhaustively(true));
  CHECK(reduced.findings.complete);
  CHECK(reduced.findings.runs == 1466);
  CHECK(reduced.outcomes == expected);
  if (!thorough()) return;
  const Explored plain = explored(scenario, exhaustively(false));
  CHECK(plain.findings.complete);
  CHECK(plain.findings.runs == 240'240);
  CHECK(plain.outcomes == expected);
}

// Peterson's lock with one look instead of a loop: 4 operations each, C(11,5) = 462. Never do both enter; that neither
// does happens where the first looks before the second has stored `turn`.
TEST_CASE("Peterson's lock lets one in at most", "[counts]") {
  check(
      [] {
        reset();
        together(
            [] {
              x = 1, turn = 1;
              const int other = y, whose = turn;
              found[0] = other == 0 || whose == 0;
            },
            [] {
              y = 1, turn = 0;
              const int other = x, whose = turn;
              found[1] = other == 0 || whose == 1;
            });
        came_to(found[0], found[1]);
      },
      462, 70, {0, 1, 10});
}
