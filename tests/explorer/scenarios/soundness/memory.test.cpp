// Atomics and plain memory: see comparison.hpp.
#include <sched.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/soundness/comparison.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

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

}  // namespace

TEST_CASE("the reduction and the default points lose no outcome of atomic and of plain memory", "[soundness]") {
  for (const Scenario& scenario : memory) check(scenario);
}
