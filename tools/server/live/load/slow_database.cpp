#include "tools/server/live/load/slow_database.hpp"

#include <cassert>
#include <thread>
#include <utility>

namespace lab::load {
namespace {

void wait(std::chrono::microseconds time) {
  if (time.count() > 0) std::this_thread::sleep_for(time);
}

}  // namespace

SlowDatabase::SlowDatabase(std::shared_ptr<Database> inner, Delays delays) : inner_(std::move(inner)), delays_(delays) {
  assert(inner_ != nullptr);
}

Result<Database::Contents> SlowDatabase::load() { return inner_->load(); }

Result<std::optional<Row>> SlowDatabase::fetch(const SessionId& id) {
  wait(delays_.fetch);
  return inner_->fetch(id);
}

Result<Written> SlowDatabase::save(const Row& row, Version expected) {
  wait(delays_.write);
  return inner_->save(row, expected);
}

Result<Written> SlowDatabase::merge(const Row& into, Version into_expected, const SessionId& from,
                                    Version from_expected) {
  wait(delays_.write);
  return inner_->merge(into, into_expected, from, from_expected);
}

Result<Written> SlowDatabase::mark_deleted(const SessionId& id, Version expected) {
  wait(delays_.write);
  return inner_->mark_deleted(id, expected);
}

Result<void> SlowDatabase::purge(const SessionId& id) { return inner_->purge(id); }

}  // namespace lab::load
