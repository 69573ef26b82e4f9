// The seam, as a submission is graded: its three functions have been renamed (tools/grader), and these stand in their
// place. What they make hands the submission other strings than the claims are written with: to each name, key and
// value that is not empty a salt is added, which is drawn anew for each process, and taken off what comes back. So no
// code can know a claim by what it writes, and none that treats all strings alike behaves otherwise.
//
// The database's side is the same seam seen from within: the submission reads and writes salted rows, and the claims
// and the database have them as written. Ids, numbers and times are as they are, and the salt begins with a character
// that comes before those of any key, so that keys keep their order.
//
// No member here keeps a state that changes: threads meet nowhere but in the submission and in the claim's own
// database.
#include "common/interface.hpp"
#include "tools/exercises/channel.hpp"

namespace lab::submitted {
Result<std::unique_ptr<SessionManager>> make_session_manager(Dependencies dependencies);
std::unique_ptr<CleanupWorker> make_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval);
SessionManager& process_instance();
}  // namespace lab::submitted

namespace lab {
namespace {

const std::string& salt() { return exercises::evidence_sink().salt(); }

std::string salted(const std::string& text) { return text.empty() ? text : text + salt(); }

std::string plain(const std::string& text) {
  return text.size() > salt().size() && text.ends_with(salt()) ? text.substr(0, text.size() - salt().size()) : text;
}

SessionData with(SessionData data, std::string (*change)(const std::string&)) {
  data.user_id = change(data.user_id);
  data.username = change(data.username);
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : data.metadata) metadata.emplace(change(key), change(value));
  data.metadata = std::move(metadata);
  return data;
}

Row with(const Row& row, std::string (*change)(const std::string&)) { return {with(row.data, change), row.version}; }

class SaltedRows final : public Database {
public:
  explicit SaltedRows(std::shared_ptr<Database> inner) : inner_(std::move(inner)) {}

  Result<Contents> load() override {
    Result<Contents> contents = inner_->load();
    if (contents) {
      for (Row& row : contents->live) row = with(row, salted);
    }
    return contents;
  }
  Result<std::optional<Row>> fetch(const SessionId& id) override {
    Result<std::optional<Row>> row = inner_->fetch(id);
    if (row && *row) **row = with(**row, salted);
    return row;
  }
  Result<Written> save(const Row& row, Version expected) override { return inner_->save(with(row, plain), expected); }
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override {
    return inner_->merge(with(into, plain), into_expected, from, from_expected);
  }
  Result<Written> mark_deleted(const SessionId& id, Version expected) override {
    return inner_->mark_deleted(id, expected);
  }
  Result<void> purge(const SessionId& id) override { return inner_->purge(id); }

private:
  const std::shared_ptr<Database> inner_;
};

class SaltedManager final : public SessionManager {
public:
  explicit SaltedManager(std::unique_ptr<SessionManager> inner) : inner_(std::move(inner)) {}

  SessionManager& inner() const { return *inner_; }

  Result<SessionId> create_session(const std::string& user_id, const std::string& username) override {
    return inner_->create_session(salted(user_id), salted(username));
  }
  Result<SessionData> get_session(const SessionId& id) override {
    Result<SessionData> data = inner_->get_session(id);
    if (data) *data = with(std::move(*data), plain);
    return data;
  }
  Result<void> update_session(const SessionId& id, const std::string& key, const std::string& value) override {
    return inner_->update_session(id, salted(key), salted(value));
  }
  Result<std::uint64_t> increment_access(const SessionId& id) override { return inner_->increment_access(id); }
  Result<void> set_authenticated(const SessionId& id, bool authenticated) override {
    return inner_->set_authenticated(id, authenticated);
  }
  Result<void> delete_session(const SessionId& id) override { return inner_->delete_session(id); }
  Result<void> merge_sessions(const SessionId& from, const SessionId& into) override {
    return inner_->merge_sessions(from, into);
  }
  std::size_t expire_idle() override { return inner_->expire_idle(); }
  CleanupReport run_cleanup() override { return inner_->run_cleanup(); }
  Stats get_stats() override { return inner_->get_stats(); }
  std::uint64_t get_active_count() override { return inner_->get_active_count(); }
  std::size_t get_cleanup_queue_size() override { return inner_->get_cleanup_queue_size(); }
  DeadLetters dead_letters() override { return inner_->dead_letters(); }
  Clock& clock() override { return inner_->clock(); }

private:
  const std::unique_ptr<SessionManager> inner_;
};

}  // namespace

Result<std::unique_ptr<SessionManager>> make_session_manager(Dependencies dependencies) {
  if (salt().empty()) return submitted::make_session_manager(std::move(dependencies));
  dependencies.database = std::make_shared<SaltedRows>(std::move(dependencies.database));
  auto manager = submitted::make_session_manager(std::move(dependencies));
  if (!manager || *manager == nullptr) return manager;
  return std::make_unique<SaltedManager>(std::move(*manager));
}

// A worker may know more of its manager than the interface has, so it gets the submission's own.
std::unique_ptr<CleanupWorker> make_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval) {
  auto* const outer = dynamic_cast<SaltedManager*>(&manager);
  return submitted::make_cleanup_worker(outer == nullptr ? manager : outer->inner(), interval);
}

// As it is: an object of ours around it would have to be made by the first caller too, and how callers agree on that is
// what is judged.
SessionManager& process_instance() { return submitted::process_instance(); }

}  // namespace lab
