// What goes wrong with a file: it can't be opened, it is locked, a write fails half-way, a row is corrupt.
// `Raw` is another program's connection to the same file.
#include <sqlite3.h>

#include <array>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/sqlite_database.hpp"
#include "tests/support/folder.hpp"

namespace lab {
namespace {

using std::chrono::milliseconds;
using test::Folder;

constexpr SqliteOptions no_waiting = {.busy_timeout = milliseconds(0)};
constexpr SqliteOptions long_waiting = {.busy_timeout = milliseconds(60'000)};

class Raw {
public:
  explicit Raw(const std::filesystem::path& path) { REQUIRE(sqlite3_open(path.c_str(), &connection_) == SQLITE_OK); }
  ~Raw() { sqlite3_close(connection_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  void run(const std::string& sql) {
    INFO(sql);
    REQUIRE(sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }

  // The first column of the first row.
  std::string ask(const std::string& sql) {
    INFO(sql);
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    std::string answer = "no row";
    if (sqlite3_step(statement) == SQLITE_ROW) {
      answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    return answer;
  }

private:
  sqlite3* connection_ = nullptr;
};

// Runs `action` in the middle of a call: each time a connection that was opened under this is about to run a
// statement that begins with `text`. The action is told how often that has been, from 1. Must outlive the
// connections.
class Before {
public:
  Before(std::string text, std::function<void(int)> action) : text_(std::move(text)), action_(std::move(action)) {
    current_ = this;
    REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)) == SQLITE_OK);
  }
  ~Before() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch)); }
  Before(const Before&) = delete;
  Before& operator=(const Before&) = delete;

  int times() const noexcept { return times_; }

private:
  static int watch(sqlite3* connection, const char** /*error*/, const void* /*routines*/) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, step, current_);
  }
  static int step(unsigned /*event*/, void* context, void* /*statement*/, void* sql) {
    Before& self = *static_cast<Before*>(context);
    if (std::string_view(static_cast<const char*>(sql)).starts_with(self.text_)) self.action_(++self.times_);
    return 0;
  }

  static inline Before* current_ = nullptr;
  const std::string text_;
  const std::function<void(int)> action_;
  int times_ = 0;
};

std::unique_ptr<SqliteDatabase> opened(const std::filesystem::path& path, SqliteOptions options = {}) {
  auto database = SqliteDatabase::open(path, options);
  REQUIRE(database.has_value());
  return std::move(*database);
}

Error error_of_opening(const std::filesystem::path& path) {
  const auto database = SqliteDatabase::open(path, no_waiting);
  REQUIRE_FALSE(database.has_value());
  return database.error();
}

std::string text_in(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Row row_of(const std::string& id, Version version) {
  Row row;
  row.data.session_id = SessionId(id);
  row.data.user_id = "user of " + id;
  row.data.username = "Ada";
  row.data.login_time = WallTime(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  row.data.last_activity = row.data.login_time;
  row.data.access_count = version - 1;
  row.data.is_authenticated = true;
  row.data.metadata = {{"a", "1"}, {"b", "2"}, {"c", std::to_string(version)}};
  row.version = version;
  return row;
}

struct Everything {
  std::vector<Row> live;
  std::vector<SessionId> marked;

  bool operator==(const Everything&) const = default;
};

Everything everything_in(SqliteDatabase& database) {
  auto contents = database.load();
  REQUIRE(contents.has_value());
  return {std::move(contents->live), std::move(contents->marked)};
}

// Two live rows, "into" and "from", and a marked one.
void fill(SqliteDatabase& database) {
  for (const char* id : {"from", "into", "marked"}) REQUIRE(database.save(row_of(id, 1), 0) == Written::yes);
  REQUIRE(database.mark_deleted(SessionId("marked"), 1) == Written::yes);
}
const Everything filled = {{row_of("from", 1), row_of("into", 1)}, {SessionId("marked")}};

// ---- Opening

TEST_CASE("a file that can't be opened is unavailable", "[common][database]") {
  const Folder folder;
  CHECK(error_of_opening(folder.path() / "missing" / "sessions.db") == Error::database_unavailable);
  CHECK(error_of_opening(folder.path()) == Error::database_unavailable);
  CHECK(error_of_opening("") == Error::database_unavailable);
}

// From two bytes on: SQLite takes a file of one byte for an empty one.
TEST_CASE("a file that is no database is unavailable and stays as it was", "[common][database]") {
  const Folder folder;
  for (const std::size_t size : {std::size_t{2}, std::size_t{100}, std::size_t{100'000}}) {
    const std::string garbage(size, 'g');
    std::ofstream(folder.file(), std::ios::binary) << garbage;
    CHECK(error_of_opening(folder.file()) == Error::database_unavailable);
    CHECK(text_in(folder.file()) == garbage);
  }
}

TEST_CASE("a file of a later schema version is unavailable and stays as it was", "[common][database]") {
  const Folder folder;
  fill(*opened(folder.file()));
  Raw(folder.file()).run("PRAGMA user_version = 2");

  CHECK(error_of_opening(folder.file()) == Error::database_unavailable);

  CHECK(Raw(folder.file()).ask("PRAGMA user_version") == "2");
  Raw(folder.file()).run("PRAGMA user_version = 1");
  CHECK(everything_in(*opened(folder.file())) == filled);
}

TEST_CASE("another program's database is unavailable and stays as it was", "[common][database]") {
  const Folder folder;
  const std::string version = GENERATE("0", "1", "7");
  const std::string table = GENERATE("sessions", "carts");
  {
    Raw other(folder.file());
    other.run("CREATE TABLE " + table + "(cookie TEXT)");
    other.run("PRAGMA user_version = " + version);
  }

  CHECK(error_of_opening(folder.file()) == Error::database_unavailable);

  Raw other(folder.file());
  CHECK(other.ask("SELECT group_concat(name) FROM sqlite_master") == table);
  CHECK(other.ask("PRAGMA user_version") == version);
}

TEST_CASE("a file without tables but of another version is unavailable", "[common][database]") {
  const Folder folder;
  const std::string version = GENERATE("-1", "1", "2");
  Raw(folder.file()).run("PRAGMA user_version = " + version);

  CHECK(error_of_opening(folder.file()) == Error::database_unavailable);

  CHECK(Raw(folder.file()).ask("PRAGMA user_version") == version);
}

TEST_CASE("an empty file becomes a database", "[common][database]") {
  const Folder folder;
  std::ofstream(folder.file()).flush();
  fill(*opened(folder.file()));
  CHECK(everything_in(*opened(folder.file())) == filled);
}

TEST_CASE("names that SQLite reads as something else are files", "[common][database]") {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const char* name : {":memory:", "file:sessions.db?mode=memory"}) {
    CHECK(SqliteDatabase::open(name).has_value());
    CHECK(std::filesystem::exists(folder.path() / name));
  }
  std::filesystem::current_path(before);
}

TEST_CASE("a reopened file has everything", "[common][database]") {
  const Folder folder;
  fill(*opened(folder.file()));
  CHECK(everything_in(*opened(folder.file())) == filled);
  CHECK(Raw(folder.file()).ask("PRAGMA user_version") == "1");
  CHECK(Raw(folder.file()).ask("PRAGMA journal_mode") == "wal");
}

TEST_CASE("a purge leaves no metadata behind", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  Raw raw(folder.file());
  CHECK(raw.ask("SELECT count(*) FROM metadata WHERE id = CAST('marked' AS BLOB)") == "3");

  CHECK(database->purge(SessionId("marked")).has_value());
  CHECK(database->purge(SessionId("into")).has_value());

  CHECK(raw.ask("SELECT count(*) FROM metadata WHERE id = CAST('marked' AS BLOB)") == "0");
  CHECK(raw.ask("SELECT count(*) FROM metadata WHERE id = CAST('into' AS BLOB)") == "3");
}

// ---- Locked by another connection

TEST_CASE("while another connection holds the lock every write is busy and changes nothing", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file(), no_waiting);
  fill(*database);
  Raw other(folder.file());
  other.run("BEGIN EXCLUSIVE");

  CHECK(database->save(row_of("new", 1), 0).error() == Error::database_busy);
  CHECK(database->save(row_of("into", 2), 1).error() == Error::database_busy);
  CHECK(database->merge(row_of("into", 2), 1, SessionId("from"), 1).error() == Error::database_busy);
  CHECK(database->mark_deleted(SessionId("into"), 1).error() == Error::database_busy);
  CHECK(database->purge(SessionId("marked")).error() == Error::database_busy);
  CHECK(everything_in(*database) == filled);

  other.run("ROLLBACK");
  CHECK(everything_in(*database) == filled);
  CHECK(database->merge(row_of("into", 2), 1, SessionId("from"), 1) == Written::yes);
  CHECK(database->purge(SessionId("marked")).has_value());
  CHECK(everything_in(*database) == Everything{{row_of("into", 2)}, {SessionId("from")}});
}

TEST_CASE("a call waits for another connection's lock up to the time-out", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file(), {.busy_timeout = milliseconds(30)});
  Raw other(folder.file());
  other.run("BEGIN EXCLUSIVE");

  const auto before = std::chrono::steady_clock::now();
  CHECK(database->save(row_of("a", 1), 0).error() == Error::database_busy);
  CHECK(std::chrono::steady_clock::now() - before >= milliseconds(30));
}

TEST_CASE("a file that another connection holds is busy to open", "[common][database]") {
  const Folder folder;
  Raw other(folder.file());
  other.run("BEGIN EXCLUSIVE");
  CHECK(error_of_opening(folder.file()) == Error::database_busy);

  other.run("ROLLBACK");
  CHECK(SqliteDatabase::open(folder.file(), no_waiting).has_value());
}

// ---- Failing half-way

TEST_CASE("a full disk fails the write and leaves the rows as they were", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file(), {.page_count_max = 32});
  fill(*database);
  Row large = row_of("into", 2);
  large.data.metadata["large"] = std::string(std::size_t{1} << 20, 'x');
  Row large_new = large;
  large_new.data.session_id = SessionId("new");

  CHECK(database->save(large, 1).error() == Error::database_failed);
  CHECK(database->save(large_new, 0).error() == Error::database_failed);
  CHECK(database->merge(large, 1, SessionId("from"), 1).error() == Error::database_failed);
  CHECK(everything_in(*database) == filled);

  CHECK(database->save(row_of("into", 2), 1) == Written::yes);
  CHECK(database->fetch(SessionId("into"))->value() == row_of("into", 2));
}

// FAIL keeps what the transaction has done so far: only a rollback can take it back.
TEST_CASE("a write that fails half-way leaves the rows as they were", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  Raw other(folder.file());

  SECTION("in the metadata, after the row and its first key") {
    other.run(
        "CREATE TRIGGER fault BEFORE INSERT ON metadata WHEN NEW.key = CAST('b' AS BLOB) "
        "BEGIN SELECT RAISE(FAIL, 'injected'); END");
    CHECK(database->save(row_of("into", 2), 1).error() == Error::database_failed);
    CHECK(database->save(row_of("new", 1), 0).error() == Error::database_failed);
    CHECK(database->save(row_of("marked", 1), 0).error() == Error::database_failed);
    CHECK(database->merge(row_of("into", 2), 1, SessionId("from"), 1).error() == Error::database_failed);
  }
  SECTION("after the row is marked") {
    other.run("CREATE TRIGGER fault AFTER UPDATE ON sessions BEGIN SELECT RAISE(FAIL, 'injected'); END");
    CHECK(database->merge(row_of("into", 2), 1, SessionId("from"), 1).error() == Error::database_failed);
    CHECK(database->mark_deleted(SessionId("into"), 1).error() == Error::database_failed);
  }
  SECTION("after the row is removed") {
    other.run("CREATE TRIGGER fault AFTER DELETE ON metadata BEGIN SELECT RAISE(FAIL, 'injected'); END");
    CHECK(database->purge(SessionId("marked")).error() == Error::database_failed);
  }
  CHECK(everything_in(*database) == filled);
  CHECK(everything_in(*opened(folder.file())) == filled);

  other.run("DROP TRIGGER fault");
  CHECK(database->merge(row_of("into", 2), 1, SessionId("from"), 1) == Written::yes);
  CHECK(database->purge(SessionId("marked")).has_value());
  CHECK(everything_in(*database) == Everything{{row_of("into", 2)}, {SessionId("from")}});
}

TEST_CASE("a lost table fails every call", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  Raw(folder.file()).run("DROP TABLE metadata");

  CHECK(database->load().error() == Error::database_failed);
  CHECK(database->fetch(SessionId("into")).error() == Error::database_failed);
  CHECK(database->save(row_of("into", 2), 1).error() == Error::database_failed);
  CHECK(Raw(folder.file()).ask("SELECT version FROM sessions WHERE id = CAST('into' AS BLOB)") == "1");
}

// ---- Corrupt rows

TEST_CASE("a corrupt row fails and the others can still be fetched", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  const std::string nonsense = GENERATE(
      "UPDATE sessions SET user_id = 'text'", "UPDATE sessions SET username = 7",
      "UPDATE sessions SET login_time = 'noon'", "UPDATE sessions SET last_activity = 1.5",
      "UPDATE sessions SET access_count = x'01'", "UPDATE sessions SET is_authenticated = 2",
      "UPDATE sessions SET version = 'one'", "UPDATE sessions SET version = 0", "UPDATE sessions SET deleted = 2",
      "UPDATE sessions SET deleted = 'no'", "UPDATE metadata SET key = 'text'", "UPDATE metadata SET value = 7");
  INFO(nonsense);
  const std::string only_into = nonsense.find("key") == std::string::npos
                                    ? " WHERE id = CAST('into' AS BLOB)"
                                    : " WHERE id = CAST('into' AS BLOB) AND key = CAST('a' AS BLOB)";
  Raw(folder.file()).run(nonsense + only_into);

  CHECK(database->fetch(SessionId("into")).error() == Error::database_failed);
  CHECK(database->load().error() == Error::database_failed);
  CHECK(database->fetch(SessionId("from"))->value() == row_of("from", 1));
  CHECK(*database->fetch(SessionId("marked")) == std::nullopt);
}

TEST_CASE("a row of which the version can't be read is not written over", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  Raw other(folder.file());
  const std::string nonsense = GENERATE("version = 'one'", "version = 0", "deleted = 2");
  other.run("UPDATE sessions SET " + nonsense + " WHERE id = CAST('into' AS BLOB)");

  for (const Version expected : {Version{0}, Version{1}}) {
    CHECK(database->save(row_of("into", 9), expected).error() == Error::database_failed);
    CHECK(database->merge(row_of("into", 9), expected, SessionId("from"), 1).error() == Error::database_failed);
    CHECK(database->merge(row_of("from", 9), 1, SessionId("into"), expected).error() == Error::database_failed);
    CHECK(database->mark_deleted(SessionId("into"), expected).error() == Error::database_failed);
  }
  CHECK(database->purge(SessionId("into")).has_value());

  CHECK(other.ask("SELECT count(*) FROM sessions WHERE " + nonsense) == "1");
  CHECK(database->fetch(SessionId("from"))->value() == row_of("from", 1));
}

TEST_CASE("a marked id of another type fails a load", "[common][database]") {
  const Folder folder;
  const auto database = opened(folder.file());
  fill(*database);
  Raw(folder.file()).run("UPDATE sessions SET id = 'text' WHERE deleted = 1");
  CHECK(database->load().error() == Error::database_failed);
}

// ---- Several connections

TEST_CASE("two connections see each other's writes and conflict on versions", "[common][database]") {
  const Folder folder;
  const auto one = opened(folder.file());
  const auto two = opened(folder.file());
  fill(*one);

  CHECK(everything_in(*two) == filled);
  CHECK(two->save(row_of("into", 2), 1) == Written::yes);
  CHECK(one->fetch(SessionId("into"))->value() == row_of("into", 2));
  CHECK(one->save(row_of("into", 3), 1) == Written::conflict);
  CHECK(one->save(row_of("into", 3), 2) == Written::yes);
  CHECK(one->mark_deleted(SessionId("from"), 1) == Written::yes);
  CHECK(two->merge(row_of("into", 4), 3, SessionId("from"), 1) == Written::conflict);
  CHECK(two->purge(SessionId("from")).has_value());
  CHECK(everything_in(*one) == Everything{{row_of("into", 3)}, {SessionId("marked")}});
}

TEST_CASE("a file that another connection creates meanwhile is opened", "[common][database]") {
  const Folder folder;
  const Before before("BEGIN IMMEDIATE", [&](int time) {
    if (time == 1) fill(*opened(folder.file()));
  });
  CHECK(everything_in(*opened(folder.file())) == filled);
  CHECK(before.times() > 1);
}

TEST_CASE("a file that another connection writes meanwhile is opened when that has ended", "[common][database]") {
  const Folder folder;
  std::optional<Raw> other;
  const Before before("PRAGMA journal_mode", [&](int time) {
    if (time == 1) other.emplace(folder.file()).run("BEGIN IMMEDIATE");
    if (time == 2) other->run("ROLLBACK");
  });
  CHECK(SqliteDatabase::open(folder.file(), long_waiting).has_value());
  CHECK(before.times() == 2);
}

TEST_CASE("a row and its metadata are read at one instant", "[common][database]") {
  const Folder folder;
  const auto other = opened(folder.file());
  fill(*other);
  const Before before("SELECT key, value", [&](int time) {
    if (time > 1) return;
    REQUIRE(other->save(row_of("from", 2), 1) == Written::yes);
    REQUIRE(other->save(row_of("into", 2), 1) == Written::yes);
  });
  const auto database = opened(folder.file());

  SECTION("by fetch") { CHECK(database->fetch(SessionId("into"))->value() == row_of("into", 1)); }
  SECTION("by load") { CHECK(everything_in(*database) == filled); }

  CHECK(before.times() > 0);
  CHECK(database->fetch(SessionId("into"))->value() == row_of("into", 2));
}

TEST_CASE("a file can be created by many connections at once", "[common][database]") {
  const Folder folder;
  constexpr std::size_t threads = 8;
  std::array<Result<Written>, threads> results;
  std::barrier start(std::ptrdiff_t{threads});
  {
    std::vector<std::jthread> openers;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      openers.emplace_back([&, thread] {
        start.arrive_and_wait();
        results[thread] = SqliteDatabase::open(folder.file(), long_waiting).and_then([&](const auto& database) {
          return database->save(row_of(std::to_string(thread), 1), 0);
        });
      });
    }
  }

  for (const auto& result : results) CHECK(result == Written::yes);
  CHECK(everything_in(*opened(folder.file())).live.size() == threads);
}

// Eight threads on four connections count one row up, 25 times each. Every success raises the version by 1 and
// a conflict is tried again, so no schedule can end at another number.
TEST_CASE("savers on several connections lose no change", "[common][database]") {
  const Folder folder;
  constexpr std::size_t threads = 8;
  constexpr std::uint64_t changes = 25;
  std::array<std::unique_ptr<SqliteDatabase>, 4> databases;
  for (auto& database : databases) database = opened(folder.file(), long_waiting);
  REQUIRE(databases[0]->save(row_of("a", 1), 0) == Written::yes);

  std::array<std::optional<Error>, threads> errors;
  std::barrier start(std::ptrdiff_t{threads});
  {
    std::vector<std::jthread> savers;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      savers.emplace_back([&, thread] {
        SqliteDatabase& database = *databases[thread % databases.size()];
        start.arrive_and_wait();
        for (std::uint64_t done = 0; done < changes;) {
          auto row = database.fetch(SessionId("a"));
          if (!row) {
            errors[thread] = row.error();
            return;
          }
          const Version expected = row->value().version;
          const auto written = database.save(row_of("a", expected + 1), expected);
          if (!written) {
            errors[thread] = written.error();
            return;
          }
          if (*written == Written::yes) ++done;
        }
      });
    }
  }

  for (const auto& error : errors) REQUIRE(error == std::nullopt);
  CHECK(databases[0]->fetch(SessionId("a"))->value() == row_of("a", 1 + threads * changes));
}

}  // namespace
}  // namespace lab
