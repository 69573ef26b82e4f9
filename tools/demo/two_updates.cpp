// The smallest program in which buggy loses something: two requests of one session at the same time, each of which
// stores a key of its own. ./lab demo explores it on either implementation.
#include <cassert>
#include <memory>
#include <thread>

#include "common/interface.hpp"
#include "common/memory_database.hpp"

int main() {
  const auto manager = *lab::make_session_manager(
      {std::make_shared<lab::MemoryDatabase>(), std::make_shared<lab::SystemClock>(), {}});
  const lab::SessionId id = *manager->create_session("alice", "Alice");

  std::thread first([&] { (void)manager->update_session(id, "theme", "dark"); });
  std::thread second([&] { (void)manager->update_session(id, "language", "en"); });
  first.join();
  second.join();

  const lab::SessionData session = *manager->get_session(id);
  assert(session.metadata.contains("theme"));
  assert(session.metadata.contains("language"));
}
