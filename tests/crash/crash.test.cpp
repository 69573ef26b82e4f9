// C15 with a real database: a process is killed at some point of some operation, and another goes on from its rows.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <set>

#include "common/ids.hpp"
#include "common/interface.hpp"
#include "common/sqlite_database.hpp"
#include "tests/crash/journal.hpp"
#include "tests/crash/worker.hpp"
#include "tests/support/folder.hpp"

using namespace lab;
using namespace lab::test;

namespace {

constexpr int kills_by_call = 120;
constexpr int kills_by_time = 120;
constexpr int idle_sessions = 5;

// Sessions that nobody has used for two hours, for the sweeps to find.
std::set<std::string> write_idle_sessions(const std::filesystem::path& file) {
  const auto database = SqliteDatabase::open(file).value();
  const WallTime then = SystemClock().now().wall - std::chrono::hours(2);
  std::set<std::string> ids;
  for (int i = 0; i < idle_sessions; ++i) {
    Row row;
    row.data = {new_session_id(), "user", "idle", then, then, 0, true, {}};
    row.version = 1;
    REQUIRE(database->save(row, 0).value() == Written::yes);
    ids.insert(row.data.session_id.str());
  }
  return ids;
}

struct Killed {
  std::string journal;
  int status = 0;
};

// Runs the worker in a process of its own, and kills it some microseconds after its first acknowledgement, if it
// does not do so itself.
Killed run_and_kill(const std::filesystem::path& file, unsigned seed, std::optional<KillPoint> point,
                    std::chrono::microseconds delay) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    work_until_killed(file, seed, ends[1], point);
  }
  ::close(ends[1]);
  Killed killed;
  std::array<char, 65536> buffer{};
  bool sent = point.has_value();
  for (;;) {
    const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
    if (got <= 0) break;
    killed.journal.append(buffer.data(), static_cast<std::size_t>(got));
    if (sent || killed.journal.find(" end ") == std::string::npos) continue;
    // A moment of the child's work, wherever it then is; nothing is ordered by it.
    const auto until = std::chrono::steady_clock::now() + delay;
    while (std::chrono::steady_clock::now() < until) {
    }
    ::kill(child, SIGKILL);
    sent = true;
  }
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &killed.status, 0) == child);
  return killed;
}

Model actual(SessionManager& manager, const Model& ids) {
  Model model;
  for (const auto& [id, ignored] : ids) {
    const auto data = manager.get_session(SessionId(id));
    model[id] =
        data ? std::optional(Expected{data->metadata, data->access_count, data->is_authenticated}) : std::nullopt;
  }
  return model;
}

// What is wrong with the database that the process left behind, or "".
std::string verdict(const std::filesystem::path& file, const std::map<int, Allowed>& threads,
                    const std::set<std::string>& idle, const std::string& journal) {
  auto opened = SqliteDatabase::open(file);
  if (!opened) return "the database can't be opened again";
  const std::shared_ptr<Database> database = std::move(*opened);
  const Database::Contents rows = database->load().value();
  const auto manager = make_session_manager({database, std::make_shared<SystemClock>(), {}}).value();

  std::set<std::string> known = idle;
  std::size_t unknown_allowed = 0;
  for (const auto& [thread, allowed] : threads) {
    for (const auto& [id, ignored] : allowed.before) known.insert(id);
    const Model is = actual(*manager, allowed.before);
    if (is != allowed.before && (!allowed.after || is != *allowed.after)) {
      return fmt::format("thread {}, killed in \"{}\": a session is neither as acknowledged nor as asked for", thread,
                         allowed.in_flight);
    }
    if (allowed.in_flight == "create") ++unknown_allowed;
  }
  std::size_t unknown = 0;
  for (const Row& row : rows.live) unknown += known.count(row.data.session_id.str()) == 0 ? 1 : 0;
  if (unknown > unknown_allowed) return fmt::format("{} sessions are live that nobody was creating", unknown);

  if (journal.find("end sweep") != std::string::npos) {
    for (const Row& row : rows.live) {
      if (idle.count(row.data.session_id.str()) != 0) return "a session that was swept is live";
    }
  }
  if (manager->get_cleanup_queue_size() != rows.marked.size()) return "a marked row was not queued again";
  (void)manager->expire_idle();
  (void)manager->run_cleanup();
  const Database::Contents left = database->load().value();
  if (!left.marked.empty()) return "a purge was forgotten";
  if (left.live.size() != manager->get_active_count()) return "the rows are not the sessions";
  return "";
}

}  // namespace

TEST_CASE("a killed process loses nothing it acknowledged and revives nothing it ended", "[crash][C15]") {
  std::mt19937 random(20'240'601);
  std::map<std::string, int> in_flight;
  int acknowledged = 0;
  const Folder origin;
  const std::set<std::string> idle = write_idle_sessions(origin.file());
  for (int kill = 0; kill < kills_by_call + kills_by_time; ++kill) {
    const Folder folder;
    const auto file = folder.file();
    std::filesystem::copy_file(origin.file(), file);
    std::optional<KillPoint> point;
    if (kill < kills_by_call) point = KillPoint{1 + kill / 2, kill % 2 == 0};
    const Killed killed =
        run_and_kill(file, static_cast<unsigned>(random()), point, std::chrono::microseconds(random() % 20'000));
    INFO(fmt::format("kill {} of {}", kill + 1, kills_by_call + kills_by_time));
    REQUIRE(WIFSIGNALED(killed.status));
    REQUIRE(WTERMSIG(killed.status) == SIGKILL);

    const auto threads = allowed_by(killed.journal);
    for (const auto& [thread, allowed] : threads) {
      ++in_flight[allowed.in_flight];
      acknowledged += static_cast<int>(allowed.before.size());
    }
    REQUIRE(verdict(file, threads, idle, killed.journal) == "");
  }
  // The test is worth something only if it met every operation.
  for (const std::string operation : {"create", "update", "increment", "revoke", "delete", "merge", "sweep", "pass"}) {
    INFO("killed while in flight: " << operation);
    CHECK(in_flight[operation] > 0);
  }
  CHECK(acknowledged > 0);
}

TEST_CASE("the verdict sees each way in which a database can be wrong", "[crash]") {
  const Folder folder;
  const auto file = folder.file();
  std::string journal;
  SessionId kept;
  SessionId deleted;
  {
    const std::shared_ptr<Database> database = SqliteDatabase::open(file).value();
    const auto manager = make_session_manager({database, std::make_shared<SystemClock>(), {}}).value();
    kept = manager->create_session("user", "name").value();
    deleted = manager->create_session("user", "name").value();
    REQUIRE(manager->delete_session(deleted));
  }
  journal += Entry{0, true, "create", kept.str(), ""}.line();
  journal += Entry{0, true, "create", deleted.str(), ""}.line();
  const std::string deleted_line = Entry{0, true, "delete", deleted.str(), ""}.line();

  const auto says = [&](const std::string& text) { return verdict(file, allowed_by(text), {}, text); };
  SECTION("the truth passes") { CHECK(says(journal + deleted_line) == ""); }
  SECTION("a lost change is seen") {
    const std::string more = Entry{0, true, "increment", kept.str(), ""}.line();
    CHECK(says(journal + deleted_line + more).find("neither") != std::string::npos);
  }
  SECTION("a change in flight may be there or not") {
    const std::string more = Entry{0, false, "increment", kept.str(), ""}.line();
    CHECK(says(journal + deleted_line + more) == "");
  }
  SECTION("a session that should be live and is not is seen") {
    CHECK(says(journal).find("neither") != std::string::npos);
  }
  SECTION("a session that nobody created is seen") {
    CHECK(says("").find("1 sessions are live that nobody was creating") != std::string::npos);
  }
  SECTION("a line cut short counts as not written") { CHECK(says(journal + deleted_line + "0 end increm") == ""); }
}
