#include "common/memory_database.hpp"

#include <cassert>

namespace lab {

Result<Database::Contents> MemoryDatabase::load() {
  MutexLock lock(mutex_);
  Contents contents;
  for (const auto& [id, stored] : rows_) {
    if (stored.marked) {
      contents.marked.push_back(id);
    } else {
      contents.live.push_back(stored.row);
    }
  }
  return contents;
}

Result<std::optional<Row>> MemoryDatabase::fetch(const SessionId& id) {
  MutexLock lock(mutex_);
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.marked) return std::nullopt;
  return found->second.row;
}

Result<Written> MemoryDatabase::save(const Row& row, Version expected) {
  assert(row.version > 0);
  MutexLock lock(mutex_);
  if (live_version(row.data.session_id) != expected) return Written::conflict;
  write(row);
  return Written::yes;
}

Result<Written> MemoryDatabase::merge(const Row& into, Version into_expected, const SessionId& from,
                                      Version from_expected) {
  assert(into.version > 0);
  assert(into.data.session_id != from);
  MutexLock lock(mutex_);
  if (live_version(into.data.session_id) != into_expected) return Written::conflict;
  if (from_expected == 0 || live_version(from) != from_expected) return Written::conflict;
  write(into);  // first, because it may run out of memory; the rest can't fail
  rows_.find(from)->second.marked = true;
  return Written::yes;
}

Result<Written> MemoryDatabase::mark_deleted(const SessionId& id, Version expected) {
  MutexLock lock(mutex_);
  if (expected == 0 || live_version(id) != expected) return Written::conflict;
  rows_.find(id)->second.marked = true;
  return Written::yes;
}

Result<void> MemoryDatabase::purge(const SessionId& id) {
  MutexLock lock(mutex_);
  const auto found = rows_.find(id);
  if (found != rows_.end() && found->second.marked) rows_.erase(found);
  return {};
}

Version MemoryDatabase::live_version(const SessionId& id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() || found->second.marked ? 0 : found->second.row.version;
}

void MemoryDatabase::write(const Row& row) { rows_.insert_or_assign(row.data.session_id, Stored{row, false}); }

}  // namespace lab
