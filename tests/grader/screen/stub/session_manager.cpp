// Has every function that a hostile submission adds to, and nothing in them: what the screen says of an addition does
// not depend on the rest, and this compiles in a fraction of the time. Its header is that of fixed.
#include "session_manager.hpp"

namespace lab {

Manager::Manager(Dependencies, Database::Contents) {}
Result<SessionId> Manager::create_session(const std::string& user_id, const std::string& username) {
  return SessionId(user_id + username);
}
Result<SessionData> Manager::get_session(const SessionId& id) { return Unexpected(Error(id.str().size())); }
Result<void> Manager::update_session(const SessionId&, const std::string&, const std::string&) { return {}; }
Result<std::uint64_t> Manager::increment_access(const SessionId&) { return std::uint64_t{1}; }
Result<void> Manager::set_authenticated(const SessionId&, bool) { return {}; }
Result<void> Manager::delete_session(const SessionId&) { return {}; }
Result<void> Manager::merge_sessions(const SessionId&, const SessionId&) { return {}; }
std::size_t Manager::expire_idle() { return 0; }
CleanupReport Manager::run_cleanup() { return {}; }
Stats Manager::get_stats() { return {}; }
std::uint64_t Manager::get_active_count() { return 0; }
std::size_t Manager::get_cleanup_queue_size() { return 0; }
DeadLetters Manager::dead_letters() { return {}; }

void Worker::start() {}
void Worker::stop() {}

}  // namespace lab
