// The database behind the session manager: one row a session.
//
// Thread safety: every member may be called by any number of threads at once; each call is atomic and takes
// effect at one instant between its start and its return. An implementation may take locks of its own and
// calls nobody back. Other processes may write the same rows at any time.
//
// A row is live until it is marked deleted and marked until it is purged. A marked row is absent to fetch
// and save; only load and purge see it. Marking keeps a delete durable although its purge may fail.
//
// Errors: database_unavailable, database_busy or database_failed. After an error the rows are what they
// were before the call.
#pragma once

#include <optional>
#include <vector>

#include "common/errors.hpp"
#include "common/values.hpp"

namespace lab {

enum class Written {
  yes,
  conflict,  // the row has another version, or is gone; nothing was written
};

class Database {
public:
  // All there is: the live rows, and the ids of those marked deleted.
  struct Contents {
    std::vector<Row> live;
    std::vector<SessionId> marked;
  };

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  virtual Result<Contents> load() = 0;

  // The live row of that id, or nothing.
  virtual Result<std::optional<Row>> fetch(const SessionId& id) = 0;

  // Writes `row` where the live row of its id has version `expected`. 0 expects that there is none, and inserts.
  virtual Result<Written> save(const Row& row, Version expected) = 0;

  // In one transaction: writes `into` as save does, and marks the row `from` as mark_deleted does.
  virtual Result<Written> merge(const Row& into, Version into_expected, const SessionId& from,
                                Version from_expected) = 0;

  // Marks the live row of that id, if it has version `expected`.
  virtual Result<Written> mark_deleted(const SessionId& id, Version expected) = 0;

  // Removes the marked row of that id; a success also where there is none.
  virtual Result<void> purge(const SessionId& id) = 0;
};

}  // namespace lab
