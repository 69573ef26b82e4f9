// C7: the cost of a pass is linear in the rows. The implementation is compiled once more for this program, with a
// callback at every branch (clang's SanitizerCoverage), so that work is counted and not timed: the same number on
// every machine.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdint>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

extern "C" {
void __sanitizer_cov_trace_pc_guard(std::uint32_t* guard);
void __sanitizer_cov_trace_pc_guard_init(std::uint32_t* start, std::uint32_t* stop);
}

namespace {
std::uint64_t branches = 0;  // of this program's one thread
}

void __sanitizer_cov_trace_pc_guard(std::uint32_t*) { ++branches; }
void __sanitizer_cov_trace_pc_guard_init(std::uint32_t*, std::uint32_t*) {}

namespace {

// The branches of one pass over that many rows, every other of which can't be purged.
std::uint64_t effort_of_a_pass(std::size_t rows) {
  const World world;
  for (std::size_t i = 0; i < rows; ++i) {
    const SessionId id = world.create();
    REQUIRE(world.rows->mark_deleted(id, 1).value() == Written::yes);
  }
  const auto manager = world.restarted();  // with all of them queued, and no pass yet
  REQUIRE(manager->get_cleanup_queue_size() == rows);
  bool odd = false;
  world.database->before = [&odd](Call call, const SessionId&) -> std::optional<Error> {
    odd = !odd;
    return call == Call::purge && odd ? std::optional(Error::database_failed) : std::nullopt;
  };
  const std::uint64_t before = branches;
  CHECK(manager->run_cleanup() == CleanupReport{rows, rows / 2, rows / 2, 0});
  return branches - before;
}

}  // namespace

TEST_CASE("a pass over ten times the rows is at most fifteen times the work", "[one-thread][C7][B4]") {
  const std::uint64_t few = effort_of_a_pass(100);
  const std::uint64_t many = effort_of_a_pass(1000);
  INFO(fmt::format("cleanup leak: {} branches for 100 rows, {} for 1000", few, many));
  CHECK(few > 100);  // the callback is at work
  CHECK(many <= 15 * few);
}
