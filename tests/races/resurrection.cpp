// B8: the write-back of an update inserts a session that has been deleted since.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("an update brings no deleted session back", "[concurrent][C5][B8]") {
  const std::string failure = first_broken_round(1000, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    bool deleted = false;
    run_together("an update beside a delete", {[&] {
                                                 for (int i = 0; i < 5; ++i) {
                                                   (void)world->update_session(id, "theme", "dark");
                                                 }
                                               },
                                               [&] { deleted = world->delete_session(id).has_value(); }});
    if (deleted && world->get_session(id)) return "resurrection: the session was deleted and answers";
    if (deleted && world.rows->fetch(id).value()) return "resurrection: the row was marked and is live";
    return std::nullopt;
  });
  CHECK(failure == "");
}
