// C7: the cost of a pass is linear in the rows. Work is counted in accesses to memory, and not timed: the same number on
// every machine. Any thread's: an implementation may leave the work to one of its own.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::test {
namespace {

// The accesses of one pass over that many rows, every other of which can't be purged.
std::uint64_t accesses_of_a_pass(std::size_t rows) {
  const World world;
  for (std::size_t i = 0; i < rows; ++i) must(world.rows->mark_deleted(world.create(), 1));
  const auto manager = world.restarted();  // with all of them queued, and no pass yet
  bool odd = false;
  world.database->before = [&odd](Call call, const SessionId&) -> std::optional<Error> {
    odd = !odd;
    return call == Call::purge && odd ? std::optional(Error::database_failed) : std::nullopt;
  };
  const std::uint64_t before = explorer::accesses_of_all();
  const CleanupReport report = manager->run_cleanup();
  const std::uint64_t made = explorer::accesses_of_all() - before;
  explorer::expect(report == CleanupReport{rows, rows / 2, rows / 2, 0}, "a pass tries each row once");
  return made;
}

}  // namespace

CONCURRENT_CLAIM("a pass over ten times the rows is at most fifteen times the work", "[C7][B4][effort]", .one_schedule = true) {
  const std::uint64_t few = accesses_of_a_pass(100);
  const std::uint64_t many = accesses_of_a_pass(1000);
  if (many > 15 * few) return fmt::format("cleanup leak: {} accesses for 100 rows, {} for 1000", few, many);
  return holds;
}

}  // namespace lab::test
