// A Database in one SQLite file, which any number of processes may have open.
//
// Thread safety: as Database says. One connection serves all threads, one call at a time: a call waits for
// the calls that came before it, however long they take, and in no promised order.
//
// 1. A change that was acknowledged is on the disk: it outlives the process and a loss of power.
// 2. Every call is one transaction. After an error it has been rolled back.
// 3. A row that doesn't hold what we write (another program's doing) is refused with database_failed, by
//    load() as well; the other rows can still be fetched.
// 4. A marked row keeps its metadata until it is purged or written anew.
//
// Every string is stored as a blob: any bytes, up to SQLite's limit of 10^9 a row (more is database_failed).
// Times are nanoseconds since the epoch. access_count and version are kept as the int64 of the same bits, so
// SQL may test them for equality but not for order. load() lists both kinds of rows in the order of their ids.
//
// Errors: database_busy where another connection held the lock for longer than busy_timeout;
// database_unavailable where the file can't be opened or is no database; database_failed for all the rest.
//
// Callers must: save a row of a version above 0, and merge two rows of different ids (asserted).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "common/database.hpp"
#include "common/mutex.hpp"
#include "common/thread_annotations.hpp"

namespace lab {

struct SqliteOptions {
  // How long one call waits for another connection's lock; 0 tries once. Not counted: the wait for the calls
  // of other threads on this connection.
  std::chrono::milliseconds busy_timeout = std::chrono::milliseconds(1000);
  // The most pages (of 4096 bytes) that the file may grow to, checked when a page is added; beyond it a write
  // returns database_failed, as on a full disk. 0 stands for SQLite's own limit. Not stored in the file.
  std::uint32_t page_count_max = 0;
};

class SqliteDatabase final : public Database {
public:
  // Opens the file, and creates it where it is missing (but not its folder). Returns database_busy where
  // another connection held the file for longer than busy_timeout; database_unavailable where it can't be
  // opened, is no database, or was written by another program or a later version of this one. Such a file is
  // left as it was.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& path, SqliteOptions options = {});

  ~SqliteDatabase() override;

  Result<Contents> load() override;
  Result<std::optional<Row>> fetch(const SessionId& id) override;
  Result<Written> save(const Row& row, Version expected) override;
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override;
  Result<Written> mark_deleted(const SessionId& id, Version expected) override;
  Result<void> purge(const SessionId& id) override;

private:
  class Connection;  // does the work; used by one thread at a time

  explicit SqliteDatabase(std::unique_ptr<Connection> connection);

  Mutex mutex_;
  const std::unique_ptr<Connection> connection_ LAB_GUARDED_BY(mutex_);
};

}  // namespace lab
