// What the runtime makes of threads and what is a thread's own: one claim each, in both directions where there are two.
#include <pthread.h>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <set>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Set = std::set<std::uint64_t>;

namespace {
std::atomic<int> destroyed;
struct Counts {
  int value = 0;
  ~Counts() { destroyed += value; }
};
thread_local Counts counts;
}  // namespace

TEST_CASE("each thread has its own thread_local, destroyed at its end", "[models]") {
  CHECK(verdict([] {
          destroyed = 0;
          const auto use = [] { expect(++counts.value == 1, "it is new"); };
          std::thread one(use), two(use);
          one.join(), two.join();
          expect(destroyed == 2, "both are destroyed by then");
        }) == Verdict::passed);
}

TEST_CASE("a key's destructor gets the thread's value at its end", "[models]") {
  CHECK(verdict([] {
          static pthread_key_t key;
          static std::atomic<int> ended;
          ended = 0;
          pthread_key_create(&key, [](void* value) { ended += *static_cast<int*>(value); });
          static int values[] = {1, 2};
          together([] { pthread_setspecific(key, &values[0]); }, [] { pthread_setspecific(key, &values[1]); });
          pthread_key_delete(key);
          expect(ended == 3, "both destructors have run");
        }) == Verdict::passed);
}

TEST_CASE("a detached thread runs to its end, before or after main's", "[models]") {
  static std::atomic<int> done;
  CHECK(explored(
            [] {
              done = 0;
              std::thread([] { done = 1; }).detach();
              came_to(done.load());
            },
            systematic())
            .outcomes == Set{0, 1});
}

TEST_CASE("pthread_exit ends one thread while the others go on", "[models]") {
  CHECK(verdict([] {
          pthread_t thread;
          static std::atomic<int> value;
          value = 0;
          pthread_create(
              &thread, nullptr,
              [](void*) -> void* {
                value = 1;
                pthread_exit(reinterpret_cast<void*>(5));
              },
              nullptr);
          void* result = nullptr;
          pthread_join(thread, &result);
          expect(value == 1 && result == reinterpret_cast<void*>(5), "it has ended with its result");
        }) == Verdict::passed);
}
