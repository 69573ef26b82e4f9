#include "tests/crash/worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "common/interface.hpp"
#include "common/sqlite_database.hpp"
#include "tests/crash/journal.hpp"
#include "tests/support/scripted_database.hpp"

namespace lab::test {
namespace {

class Thread {
public:
  Thread(SessionManager& manager, int number, unsigned seed, int journal)
      : manager_(manager), number_(number), random_(seed), journal_(journal) {}

  [[noreturn]] void run() {
    for (;;) step();
  }

private:
  void step() {
    if (sessions_.size() < 3) return create();
    switch (draw(9)) {
      case 0:
        return create();
      case 1:
        return remove();
      case 2:
        return merge();
      case 3:
        return change("revoke", "", [&](const SessionId& id) { return manager_.set_authenticated(id, false); });
      case 4:
        return sweep();
      case 5:
        return pass();
      case 6:
        return change("increment", "", [&](const SessionId& id) -> Result<void> {
          return manager_.increment_access(id).map([](std::uint64_t) {});
        });
      default: {
        const std::string key = fmt::format("key{}", draw(1'000'000));
        return change("update", key, [&](const SessionId& id) { return manager_.update_session(id, key, "x"); });
      }
    }
  }

  std::size_t draw(std::size_t below) { return random_() % below; }

  void create() {
    write({number_, false, "create", "", ""});
    const SessionId id = manager_.create_session("user", "name").value();
    write({number_, true, "create", id.str(), ""});
    sessions_.push_back(id);
  }

  SessionId take() {
    std::swap(sessions_[draw(sessions_.size())], sessions_.back());
    SessionId id = sessions_.back();
    sessions_.pop_back();
    return id;
  }

  void remove() {
    const SessionId id = take();
    acknowledge("delete", id.str(), "", [&] { return manager_.delete_session(id); });
  }

  void merge() {
    const SessionId from = take();
    const SessionId into = sessions_[draw(sessions_.size())];
    acknowledge("merge", from.str(), into.str(), [&] { return manager_.merge_sessions(from, into); });
  }

  template <class Change>
  void change(const std::string& operation, const std::string& key, Change make) {
    const SessionId id = sessions_[draw(sessions_.size())];
    acknowledge(operation, id.str(), key, [&] { return make(id); });
  }

  void sweep() {
    acknowledge("sweep", "", "", [&]() -> Result<void> {
      (void)manager_.expire_idle();
      return {};
    });
  }

  void pass() {
    acknowledge("pass", "", "", [&]() -> Result<void> {
      (void)manager_.run_cleanup();
      return {};
    });
  }

  template <class Operation>
  void acknowledge(const std::string& name, const std::string& id, const std::string& other, Operation operation) {
    write({number_, false, name, id, other});
    const Result<void> result = operation();
    if (!result) {
      fmt::print(stderr, "{} failed: {}\n", name, to_string(result.error()));
      std::abort();  // the test sees that it was not SIGKILL
    }
    write({number_, true, name, id, other});
  }

  void write(const Entry& entry) const {
    const std::string line = entry.line();
    if (::write(journal_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
  }

  SessionManager& manager_;
  const int number_;
  std::mt19937 random_;
  const int journal_;
  std::vector<SessionId> sessions_;
};

bool writes(Call call) { return call != Call::load && call != Call::fetch; }

}  // namespace

void work_until_killed(const std::filesystem::path& database, unsigned seed, int journal,
                       std::optional<KillPoint> kill_point) {
  const auto scripted = std::make_shared<ScriptedDatabase>(std::shared_ptr(SqliteDatabase::open(database).value()));
  std::atomic<int> calls{0};
  if (kill_point) {
    scripted->before = [&, kill_point](Call call, const SessionId&) -> std::optional<Error> {
      if (writes(call) && ++calls == kill_point->call && kill_point->before) (void)::raise(SIGKILL);
      return std::nullopt;
    };
    scripted->after = [&, kill_point](Call call, const SessionId&) {
      if (writes(call) && calls >= kill_point->call) (void)::kill(::getpid(), SIGKILL);
    };
  }
  const auto manager = make_session_manager({scripted, std::make_shared<SystemClock>(), {}}).value();
  std::vector<std::thread> threads;
  for (int i = 0; i < crash_threads; ++i) {
    threads.emplace_back(
        [&, i] { Thread(*manager, i, seed * crash_threads + static_cast<unsigned>(i), journal).run(); });
  }
  for (std::thread& thread : threads) thread.join();  // they never end
  std::abort();
}

}  // namespace lab::test
