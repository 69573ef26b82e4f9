// tries: to serialise everything behind the tests' back
// verdict: failed 03 12
// at: top
#include <mutex>
namespace lab {
inline std::recursive_mutex everything;
}  // namespace lab
// into: Manager::create_session, Manager::get_session, Manager::update_session, Manager::increment_access, Manager::set_authenticated, Manager::delete_session, Manager::merge_sessions, Manager::expire_idle, Manager::run_cleanup, Manager::get_stats, Manager::get_active_count, Manager::get_cleanup_queue_size, Manager::dead_letters
const std::lock_guard hold(everything);
