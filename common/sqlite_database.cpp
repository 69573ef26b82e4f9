#include "common/sqlite_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace lab {

namespace {

constexpr std::int64_t schema_version = 1;

// WITHOUT ROWID: both tables are only ever read by their key, so a second tree for it would be wasted.
constexpr const char* schema = R"(
  CREATE TABLE sessions(
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL,
    username BLOB NOT NULL,
    login_time INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    access_count INTEGER NOT NULL,
    is_authenticated INTEGER NOT NULL,
    version INTEGER NOT NULL,
    deleted INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE metadata(
    id BLOB NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY(id, key)
  ) WITHOUT ROWID;
  PRAGMA user_version = 1;
)";

struct Close {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Error error_of(int code) {
  switch (code & 0xff) {  // the low byte of an extended code is the primary one
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::database_busy;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
      return Error::database_unavailable;
    default:
      return Error::database_failed;
  }
}

// One use of a prepared statement, which is ready for the next when this is destroyed. The values are not
// copied: they must outlive this.
class Query {
public:
  template <class... Values>
  explicit Query(const Statement& statement, const Values&... values) : statement_(statement.get()) {
    (bind(values), ...);
  }
  ~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Whether there is one more row, to be read with Columns.
  Result<bool> next() {
    if (code_ == SQLITE_OK) code_ = sqlite3_step(statement_);
    if (code_ == SQLITE_DONE) return false;
    if (code_ != SQLITE_ROW) return Unexpected(error_of(code_));
    code_ = SQLITE_OK;
    return true;
  }

  // For a statement that has no rows.
  Result<void> run() {
    if (const auto row = next(); !row) return Unexpected(row.error());
    return {};
  }

  sqlite3_stmt* statement() const noexcept { return statement_; }

private:
  // An empty string is an empty blob and not NULL, since data() is never null.
  void bind(const std::string& bytes) {
    keep(sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC));
  }
  void bind(const SessionId& id) { bind(id.str()); }
  void bind(WallTime time) { bind(std::int64_t{time.time_since_epoch().count()}); }
  void bind(std::int64_t number) { keep(sqlite3_bind_int64(statement_, ++bound_, number)); }
  void bind(std::uint64_t number) { bind(static_cast<std::int64_t>(number)); }
  void bind(bool flag) { bind(std::int64_t{flag}); }

  void keep(int code) {
    if (code_ == SQLITE_OK) code_ = code;
  }

  sqlite3_stmt* const statement_;
  int bound_ = 0;
  int code_ = SQLITE_OK;  // of the last step, or of the first bind that failed (a string over SQLite's limit)
};

// Reads the columns of a query's current row from left to right, and remembers whether each had the type that
// we write.
class Columns {
public:
  explicit Columns(const Query& query) : statement_(query.statement()) {}

  std::string bytes() {
    const int column = next(SQLITE_BLOB);
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    if (data == nullptr) {  // an empty blob; of another size only where memory ran out
      sound_ = sound_ && size == 0;
      return {};
    }
    return std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
  }

  std::int64_t integer() { return sqlite3_column_int64(statement_, next(SQLITE_INTEGER)); }
  std::uint64_t count() { return static_cast<std::uint64_t>(integer()); }
  WallTime time() { return WallTime(std::chrono::nanoseconds(integer())); }

  bool flag() {
    const std::int64_t value = integer();
    sound_ = sound_ && (value == 0 || value == 1);
    return value == 1;
  }

  Version version() {
    const Version value = count();
    sound_ = sound_ && value != 0;
    return value;
  }

  bool sound() const noexcept { return sound_; }

private:
  int next(int type) {
    sound_ = sound_ && sqlite3_column_type(statement_, column_) == type;
    return column_++;
  }

  sqlite3_stmt* const statement_;
  int column_ = 0;
  bool sound_ = true;
};

// Every statement, prepared once: a file that lacks one of our tables or columns is found when it is opened.
//
// A row is marked if deleted is 1. Where it is neither 1 nor 0 the row is corrupt: it counts as live, so that
// it is read, and then refused.
struct Statements {
  explicit Statements(sqlite3* open_connection) : connection(open_connection) {}

  sqlite3* connection;
  int code = SQLITE_OK;  // the first error

  // A write takes its lock at the start: one that first reads and then wants the lock would be refused at once
  // where another connection has written in between, whatever the time-out.
  Statement begin_read = prepare("BEGIN");
  Statement begin_write = prepare("BEGIN IMMEDIATE");
  Statement commit = prepare("COMMIT");
  Statement rollback = prepare("ROLLBACK");

  Statement live_rows = prepare(
      "SELECT deleted, id, user_id, username, login_time, last_activity, access_count, is_authenticated, version "
      "FROM sessions WHERE deleted <> 1 ORDER BY id");
  Statement live_row = prepare(
      "SELECT deleted, id, user_id, username, login_time, last_activity, access_count, is_authenticated, version "
      "FROM sessions WHERE deleted <> 1 AND id = ?");
  Statement live_version = prepare("SELECT deleted, version FROM sessions WHERE deleted <> 1 AND id = ?");
  Statement marked_ids = prepare("SELECT id FROM sessions WHERE deleted = 1 ORDER BY id");
  Statement metadata = prepare("SELECT key, value FROM metadata WHERE id = ? ORDER BY key");

  Statement write_row = prepare(
      "REPLACE INTO sessions(id, user_id, username, login_time, last_activity, access_count, is_authenticated, "
      "version, deleted) VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)");
  Statement write_metadata = prepare("INSERT INTO metadata(id, key, value) VALUES(?, ?, ?)");
  Statement remove_metadata = prepare("DELETE FROM metadata WHERE id = ?");
  Statement mark = prepare("UPDATE sessions SET deleted = 1 WHERE id = ?");
  Statement remove_marked = prepare("DELETE FROM sessions WHERE deleted = 1 AND id = ?");

private:
  Statement prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (code == SQLITE_OK) {
      code = sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    }
    return Statement(statement);
  }
};

int execute(sqlite3* connection, const std::string& sql) {
  return sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
}

int read_integer(sqlite3* connection, const char* sql, std::int64_t& value) {
  sqlite3_stmt* raw = nullptr;
  if (const int code = sqlite3_prepare_v2(connection, sql, -1, &raw, nullptr); code != SQLITE_OK) return code;
  const Statement statement(raw);
  const int code = sqlite3_step(raw);
  if (code != SQLITE_ROW) return code;
  value = sqlite3_column_int64(raw, 0);
  return SQLITE_OK;
}

// Creates the tables in an empty file. SQLITE_NOTADB for a file of another program or of a later version.
int create_schema(sqlite3* connection) {
  std::int64_t version = 0;
  if (const int code = read_integer(connection, "PRAGMA user_version", version); code != SQLITE_OK) return code;
  if (version == schema_version) return SQLITE_OK;

  // Looks again under the lock: another process may be creating the tables now.
  if (const int code = execute(connection, "BEGIN IMMEDIATE"); code != SQLITE_OK) return code;
  if (const int code = read_integer(connection, "PRAGMA user_version", version); code != SQLITE_OK) return code;
  if (version == schema_version) return execute(connection, "COMMIT");

  std::int64_t tables = 0;
  const int code = read_integer(connection, "SELECT count(*) FROM sqlite_master", tables);
  if (code != SQLITE_OK) return code;
  if (version != 0 || tables != 0) return SQLITE_NOTADB;
  if (const int created = execute(connection, schema); created != SQLITE_OK) return created;
  return execute(connection, "COMMIT");
}

// A write-ahead log lets readers go on while another process writes. Where the file system can't have one,
// SQLite keeps the old journal without an error: slower, and just as durable.
//
// The switch needs the file for itself. Where two connections that read it want that at the same time SQLite
// tells one of them busy at once, whatever the time-out, or neither could ever go on. It lets go by returning;
// the next try then finds the log in use. (Without it, of 4000 opens by eight threads at once 12 were busy.)
int use_write_ahead_log(sqlite3* connection, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  int code = execute(connection, "PRAGMA journal_mode = WAL");
  while (code == SQLITE_BUSY && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    code = execute(connection, "PRAGMA journal_mode = WAL");
  }
  return code;
}

// The first error of all that a new connection needs; closing it takes back what was begun.
int set_up(sqlite3* connection, const SqliteOptions& options) {
  const auto timeout = std::clamp<std::int64_t>(options.busy_timeout.count(), 0, std::numeric_limits<int>::max());
  if (const int code = sqlite3_busy_timeout(connection, static_cast<int>(timeout)); code != SQLITE_OK) return code;

  // Before the journal, so that a file that isn't ours stays untouched.
  if (const int code = create_schema(connection); code != SQLITE_OK) return code;

  if (const int code = use_write_ahead_log(connection, std::chrono::milliseconds(timeout)); code != SQLITE_OK) {
    return code;
  }
  // With the log NORMAL would not sync it at a commit, and a loss of power could take back a change that was
  // acknowledged (C15).
  if (const int code = execute(connection, "PRAGMA synchronous = FULL"); code != SQLITE_OK) return code;

  if (options.page_count_max == 0) return SQLITE_OK;
  return execute(connection, "PRAGMA max_page_count = " + std::to_string(options.page_count_max));
}

Error open_error_of(int code) {
  return error_of(code) == Error::database_busy ? Error::database_busy : Error::database_unavailable;
}

}  // namespace

class SqliteDatabase::Connection {
public:
  explicit Connection(Handle handle) : handle_(std::move(handle)), statements_(handle_.get()) {}

  // The first error in preparing the statements; use nothing else after one.
  int prepared() const noexcept { return statements_.code; }

  Result<Contents> load() {
    return in_transaction(statements_.begin_read, [&] { return read_all(); });
  }

  Result<std::optional<Row>> fetch(const SessionId& id) {
    // Two statements, so that only a transaction keeps another process from writing between them.
    return in_transaction(statements_.begin_read, [&] { return read_one(id); });
  }

  Result<Written> save(const Row& row, Version expected) {
    return in_transaction(statements_.begin_write, [&]() -> Result<Written> {
      const Result<Version> version = live_version(row.data.session_id);
      if (!version) return Unexpected(version.error());
      if (*version != expected) return Written::conflict;
      return write(row).map([] { return Written::yes; });
    });
  }

  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) {
    return in_transaction(statements_.begin_write, [&]() -> Result<Written> {
      const Result<Version> into_version = live_version(into.data.session_id);
      if (!into_version) return Unexpected(into_version.error());
      const Result<Version> from_version = live_version(from);
      if (!from_version) return Unexpected(from_version.error());
      if (*into_version != into_expected || from_expected == 0 || *from_version != from_expected) {
        return Written::conflict;
      }
      if (const auto written = write(into); !written) return Unexpected(written.error());
      return Query(statements_.mark, from).run().map([] { return Written::yes; });
    });
  }

  Result<Written> mark_deleted(const SessionId& id, Version expected) {
    return in_transaction(statements_.begin_write, [&]() -> Result<Written> {
      const Result<Version> version = live_version(id);
      if (!version) return Unexpected(version.error());
      if (expected == 0 || *version != expected) return Written::conflict;
      return Query(statements_.mark, id).run().map([] { return Written::yes; });
    });
  }

  Result<void> purge(const SessionId& id) {
    return in_transaction(statements_.begin_write, [&]() -> Result<void> {
      if (const auto removed = Query(statements_.remove_marked, id).run(); !removed) return removed;
      if (sqlite3_changes(handle_.get()) == 0) return {};
      return Query(statements_.remove_metadata, id).run();
    });
  }

private:
  // Rolls back whatever has not been committed when the scope ends, also by an exception.
  class Rollback {
  public:
    explicit Rollback(const Statements& statements) : statements_(statements) {}
    ~Rollback() {
      // Some errors (a full disk) have rolled back already.
      if (sqlite3_get_autocommit(statements_.connection) == 0) static_cast<void>(Query(statements_.rollback).run());
    }
    Rollback(const Rollback&) = delete;
    Rollback& operator=(const Rollback&) = delete;

  private:
    const Statements& statements_;
  };

  // What `work` returns, committed; nothing of it where it or the commit returns an error.
  template <class Work>
  std::invoke_result_t<Work> in_transaction(const Statement& begin, Work work) {
    if (const auto begun = Query(begin).run(); !begun) return Unexpected(begun.error());
    const Rollback rollback(statements_);
    auto result = work();
    if (!result) return result;
    if (const auto committed = Query(statements_.commit).run(); !committed) return Unexpected(committed.error());
    return result;
  }

  // 0 where there is no live row.
  Result<Version> live_version(const SessionId& id) {
    Query query(statements_.live_version, id);
    const Result<bool> found = query.next();
    if (!found) return Unexpected(found.error());
    if (!*found) return Version{0};
    Columns columns(query);
    columns.flag();  // deleted: the query has left out 1, so it must be 0
    const Version version = columns.version();
    if (!columns.sound()) return Unexpected(Error::database_failed);
    return version;
  }

  Result<std::optional<Row>> read_one(const SessionId& id) {
    Query query(statements_.live_row, id);
    const Result<bool> found = query.next();
    if (!found) return Unexpected(found.error());
    if (!*found) return std::nullopt;
    Result<Row> row = read_row(query);
    if (!row) return Unexpected(row.error());
    return std::move(*row);
  }

  Result<Contents> read_all() {
    Contents contents;
    Query live(statements_.live_rows);
    Result<bool> found = live.next();
    for (; found && *found; found = live.next()) {
      Result<Row> row = read_row(live);
      if (!row) return Unexpected(row.error());
      contents.live.push_back(std::move(*row));
    }
    if (!found) return Unexpected(found.error());

    Query marked(statements_.marked_ids);
    for (found = marked.next(); found && *found; found = marked.next()) {
      Columns columns(marked);
      contents.marked.emplace_back(columns.bytes());
      if (!columns.sound()) return Unexpected(Error::database_failed);
    }
    if (!found) return Unexpected(found.error());
    return contents;
  }

  // The current row of live_row or live_rows, with its metadata.
  Result<Row> read_row(const Query& query) {
    Columns columns(query);
    Row row;
    columns.flag();  // deleted: the query has left out 1, so it must be 0
    row.data.session_id = SessionId(columns.bytes());
    row.data.user_id = columns.bytes();
    row.data.username = columns.bytes();
    row.data.login_time = columns.time();
    row.data.last_activity = columns.time();
    row.data.access_count = columns.count();
    row.data.is_authenticated = columns.flag();
    row.version = columns.version();
    if (!columns.sound()) return Unexpected(Error::database_failed);

    Query pairs(statements_.metadata, row.data.session_id);
    Result<bool> found = pairs.next();
    for (; found && *found; found = pairs.next()) {
      Columns pair(pairs);
      std::string key = pair.bytes();
      std::string value = pair.bytes();
      if (!pair.sound()) return Unexpected(Error::database_failed);
      row.data.metadata.emplace(std::move(key), std::move(value));
    }
    if (!found) return Unexpected(found.error());
    return row;
  }

  // The metadata is written as a whole: a session has few keys, and a marked row may have left others.
  Result<void> write(const Row& row) {
    const SessionData& data = row.data;
    const auto written = Query(statements_.write_row, data.session_id, data.user_id, data.username, data.login_time,
                               data.last_activity, data.access_count, data.is_authenticated, row.version)
                             .run();
    if (!written) return written;
    if (const auto removed = Query(statements_.remove_metadata, data.session_id).run(); !removed) return removed;
    for (const auto& [key, value] : data.metadata) {
      const auto added = Query(statements_.write_metadata, data.session_id, key, value).run();
      if (!added) return added;
    }
    return {};
  }

  Handle handle_;  // closed last: a connection can't be closed while it has statements
  Statements statements_;
};

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& path, SqliteOptions options) {
  // An absolute path is none of the names that SQLite gives a meaning of its own: "", ":memory:" and "file:...".
  std::error_code no_path;
  const std::filesystem::path absolute = std::filesystem::absolute(path, no_path);
  if (path.empty() || no_path) return Unexpected(Error::database_unavailable);

  // NOMUTEX: our own mutex lets one thread in at a time.
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(absolute.c_str(), &raw, flags, nullptr);
  Handle handle(raw);  // set after an error as well
  if (opened != SQLITE_OK) return Unexpected(open_error_of(opened));
  if (const int code = set_up(raw, options); code != SQLITE_OK) return Unexpected(open_error_of(code));

  auto connection = std::make_unique<Connection>(std::move(handle));
  if (const int code = connection->prepared(); code != SQLITE_OK) return Unexpected(open_error_of(code));
  return std::unique_ptr<SqliteDatabase>(new SqliteDatabase(std::move(connection)));
}

SqliteDatabase::SqliteDatabase(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

SqliteDatabase::~SqliteDatabase() = default;

Result<Database::Contents> SqliteDatabase::load() {
  MutexLock lock(mutex_);
  return connection_->load();
}

Result<std::optional<Row>> SqliteDatabase::fetch(const SessionId& id) {
  MutexLock lock(mutex_);
  return connection_->fetch(id);
}

Result<Written> SqliteDatabase::save(const Row& row, Version expected) {
  assert(row.version > 0);
  MutexLock lock(mutex_);
  return connection_->save(row, expected);
}

Result<Written> SqliteDatabase::merge(const Row& into, Version into_expected, const SessionId& from,
                                      Version from_expected) {
  assert(into.version > 0);
  assert(into.data.session_id != from);
  MutexLock lock(mutex_);
  return connection_->merge(into, into_expected, from, from_expected);
}

Result<Written> SqliteDatabase::mark_deleted(const SessionId& id, Version expected) {
  MutexLock lock(mutex_);
  return connection_->mark_deleted(id, expected);
}

Result<void> SqliteDatabase::purge(const SessionId& id) {
  MutexLock lock(mutex_);
  return connection_->purge(id);
}

}  // namespace lab
