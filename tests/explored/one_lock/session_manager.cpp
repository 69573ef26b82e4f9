// A correct session manager that keeps C1 to C11 and C13 to C15 and breaks C12: one lock around everything. It is what
// the claim of independence is for; nobody's handout.
//
// What is behind the lock is fixed/session_manager.cpp, compiled once more under the names of `inner`.
#include <utility>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "common/mutex.hpp"

namespace lab {

Result<std::unique_ptr<SessionManager>> make_inner_session_manager(Dependencies dependencies);
std::unique_ptr<CleanupWorker> make_inner_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval);

namespace {

// Thread safe: no two calls are under way at one time. The clock alone may be asked meanwhile.
class OneLock final : public SessionManager {
public:
  explicit OneLock(std::unique_ptr<SessionManager> inner) : inner_(std::move(inner)), clock_(inner_->clock()) {}

  Result<SessionId> create_session(const std::string& user_id, const std::string& username) override {
    const MutexLock lock(everything_);
    return inner_->create_session(user_id, username);
  }
  Result<SessionData> get_session(const SessionId& id) override {
    const MutexLock lock(everything_);
    return inner_->get_session(id);
  }
  Result<void> update_session(const SessionId& id, const std::string& key, const std::string& value) override {
    const MutexLock lock(everything_);
    return inner_->update_session(id, key, value);
  }
  Result<std::uint64_t> increment_access(const SessionId& id) override {
    const MutexLock lock(everything_);
    return inner_->increment_access(id);
  }
  Result<void> set_authenticated(const SessionId& id, bool authenticated) override {
    const MutexLock lock(everything_);
    return inner_->set_authenticated(id, authenticated);
  }
  Result<void> delete_session(const SessionId& id) override {
    const MutexLock lock(everything_);
    return inner_->delete_session(id);
  }
  Result<void> merge_sessions(const SessionId& from, const SessionId& into) override {
    const MutexLock lock(everything_);
    return inner_->merge_sessions(from, into);
  }
  std::size_t expire_idle() override {
    const MutexLock lock(everything_);
    return inner_->expire_idle();
  }
  CleanupReport run_cleanup() override {
    const MutexLock lock(everything_);
    return inner_->run_cleanup();
  }
  Stats get_stats() override {
    const MutexLock lock(everything_);
    return inner_->get_stats();
  }
  std::uint64_t get_active_count() override {
    const MutexLock lock(everything_);
    return inner_->get_active_count();
  }
  std::size_t get_cleanup_queue_size() override {
    const MutexLock lock(everything_);
    return inner_->get_cleanup_queue_size();
  }
  DeadLetters dead_letters() override {
    const MutexLock lock(everything_);
    return inner_->dead_letters();
  }
  Clock& clock() override { return clock_; }

private:
  Mutex everything_;
  const std::unique_ptr<SessionManager> inner_;  // by everything_, but for its clock
  Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<SessionManager>> make_session_manager(Dependencies dependencies) {
  auto inner = make_inner_session_manager(std::move(dependencies));
  if (!inner) return Unexpected(inner.error());
  return std::make_unique<OneLock>(std::move(*inner));
}

std::unique_ptr<CleanupWorker> make_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval) {
  return make_inner_cleanup_worker(manager, interval);
}

SessionManager& process_instance() {
  static SessionManager& instance = *new OneLock(
      make_inner_session_manager({std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), {}}).value());
  return instance;
}

}  // namespace lab
