// A Database in a map, for tests and samples: it forgets everything when it is destroyed.
//
// Thread safety: as Database says; one mutex is held for the length of a call and no other inside it.
// Errors: none. load() lists both kinds of rows in the order of their ids.
//
// Callers must: save a row of a version above 0, and merge two rows of different ids (asserted).
#pragma once

#include <map>
#include <optional>

#include "common/database.hpp"
#include "common/mutex.hpp"
#include "common/thread_annotations.hpp"

namespace lab {

class MemoryDatabase final : public Database {
public:
  Result<Contents> load() override;
  Result<std::optional<Row>> fetch(const SessionId& id) override;
  Result<Written> save(const Row& row, Version expected) override;
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override;
  Result<Written> mark_deleted(const SessionId& id, Version expected) override;
  Result<void> purge(const SessionId& id) override;

private:
  struct Stored {
    Row row;
    bool marked = false;
  };

  // 0 where there is no live row.
  Version live_version(const SessionId& id) const LAB_REQUIRES(mutex_);
  void write(const Row& row) LAB_REQUIRES(mutex_);

  Mutex mutex_;
  std::map<SessionId, Stored> rows_ LAB_GUARDED_BY(mutex_);
};

}  // namespace lab
