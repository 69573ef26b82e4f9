// B3: a copy that was fetched before a change is taken for the newer one after it.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("an update beside a refresh is kept", "[C8][C3][B3]") {
  const World world;
  const SessionId id = world.create("bob");
  world.advance(world.settings.cache_ttl + 1ns);
  trial.together("an update of a session that is being refreshed",
                 {[&] { (void)world->get_session(id); }, [&] { must(world->set_authenticated(id, false)); }});
  const SessionData data = world->get_session(id).value();
  if (data.is_authenticated)
    return "stale refresh: the copy fetched before the change has replaced it: bob is authenticated again";
  return holds;
}
