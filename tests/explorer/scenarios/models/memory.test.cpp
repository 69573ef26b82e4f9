// What the runtime makes of memory orders, of atomics of every size, and of the heap: one claim each, in both
// directions where there are two.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <set>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;
using Set = std::set<std::uint64_t>;

// --- memory orders ---------------------------------------------------------------------------------------------------

namespace {

int data;
std::atomic<int> flag;

template <std::memory_order stores, std::memory_order loads>
void publish_by_flag() {
  data = 0, flag = 0;
  together([] { data = 1, flag.store(1, stores); },
           [] {
             if (flag.load(loads) == 1) came_to(data);
           });
}

template <bool release, bool acquire>
void publish_by_fences() {
  data = 0, flag = 0;
  together(
      [] {
        data = 1;
        if (release) std::atomic_thread_fence(std::memory_order_release);
        flag.store(1, std::memory_order_relaxed);
      },
      [] {
        if (flag.load(std::memory_order_relaxed) != 1) return;
        if (acquire) std::atomic_thread_fence(std::memory_order_acquire);
        came_to(data);
      });
}

}  // namespace

TEST_CASE("release and acquire publish, relaxed on either side does not", "[models]") {
  CHECK(verdict(publish_by_flag<std::memory_order_release, std::memory_order_acquire>) == Verdict::passed);
  CHECK(verdict(publish_by_flag<std::memory_order_seq_cst, std::memory_order_seq_cst>) == Verdict::passed);
  CHECK(verdict(publish_by_flag<std::memory_order_relaxed, std::memory_order_acquire>) == Verdict::data_race);
  CHECK(verdict(publish_by_flag<std::memory_order_release, std::memory_order_relaxed>) == Verdict::data_race);
}

TEST_CASE("fences on both sides publish through relaxed atomics, on one side they do not", "[models]") {
  CHECK(verdict(publish_by_fences<true, true>) == Verdict::passed);
  CHECK(verdict(publish_by_fences<false, true>) == Verdict::data_race);
  CHECK(verdict(publish_by_fences<true, false>) == Verdict::data_race);
}

namespace {
template <typename T>
void add_twice() {
  static std::atomic<T> value;
  value = 0;
  together([] { value = static_cast<T>(value + 1); }, [] { value = static_cast<T>(value + 1); });
  came_to(value.load());
}
struct alignas(16) Pair {
  std::uint64_t low, high;
};
std::atomic<Pair> pair;
}  // namespace

// Load and store apart lose an update; that neither is torn shows in there being no third outcome.
TEST_CASE("atomics of every size are atomic, and no more than that", "[models]") {
  CHECK(explored(add_twice<std::uint8_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint16_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint32_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint64_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(
            [] {
              pair = Pair{1, 1};
              together(
                  [] {
                    pair = Pair{2, 2};
                  },
                  [] {
                    pair = Pair{3, 3};
                  },
                  [] {
                    const Pair seen = pair;
                    came_to(seen.low, seen.high);
                  });
            },
            systematic())
            .outcomes == Set{11, 22, 33});
}

TEST_CASE("a race is reported for the bytes that both touch, not for neighbours", "[models]") {
  [[maybe_unused]] static char bytes[2];
  CHECK(verdict([] { together([] { bytes[0] = 1; }, [] { bytes[1] = 1; }); }) == Verdict::passed);
  CHECK(verdict([] { together([] { bytes[0] = 1; }, [] { bytes[0] = 2; }); }) == Verdict::data_race);
  Options no_races = usual();
  no_races.races = false;
  const Findings findings = found([] { together([] { bytes[0] = 1; }, [] { bytes[0] = 2; }); }, no_races);
  CHECK(findings.verdict == Verdict::passed);
  CHECK(findings.races.size() == 1);
}

// --- the heap --------------------------------------------------------------------------------------------------------

namespace {
int* volatile block;
}

TEST_CASE("a block is used after its end, freed twice or overrun", "[models]") {
  CHECK(verdict([] {
          block = new int(1);
          std::thread other([] { expect(*block == 1, "it is there"); });
          delete block;
          other.join();
        }) == Verdict::use_after_free);
  CHECK(verdict([] {
          block = new int(1);
          std::thread other([] { expect(*block == 1, "it is there"); });
          other.join();
          delete block;
        }) == Verdict::passed);
  const Findings twice = found([] {
    block = static_cast<int*>(std::malloc(4));
    std::free(block);
    std::free(block);
  });
  CHECK(twice.verdict == Verdict::use_after_free);
  CHECK_THAT(twice.message, ContainsSubstring("a block of 4 bytes is freed twice"));
  const Findings over = found([] {
    block = static_cast<int*>(std::malloc(4));
    block[1] = 1;
    std::free(block);
  });
  CHECK(over.verdict == Verdict::crash);
  CHECK_THAT(over.message, ContainsSubstring("outside of any block"));
}
