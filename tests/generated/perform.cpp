#include "tests/generated/perform.hpp"

#include <string>

namespace lab::generated {
namespace {

Outcome number(std::uint64_t value) {
  Outcome outcome;
  outcome.number = static_cast<std::uint32_t>(value);
  return outcome;
}

Outcome of(const Result<void>& result) { return result ? Outcome() : failed(result.error()); }

std::string key_of(std::size_t key) { return std::string(1, "abcw"[key]); }

}  // namespace

Stage::Stage(const Program& program) {
  Operation operation;
  for (int slot = 0; slot < program.sessions; ++slot) {
    operation.session = static_cast<std::uint8_t>(slot);
    create(operation);
  }
  clock_->advance(length(program.age));
}

Outcome Stage::perform(const Operation& operation) {
  const SessionId& id = ids_[operation.session];
  switch (operation.kind) {
    case Kind::create:
      return create(operation);
    case Kind::get: {
      const Result<SessionData> data = manager_->get_session(id);
      if (!data) return failed(data.error());
      Outcome outcome;
      outcome.data = seen(*data);
      return outcome;
    }
    case Kind::update:
      return of(manager_->update_session(id, key_of(operation.key), std::to_string(operation.value)));
    case Kind::increment: {
      const Result<std::uint64_t> count = manager_->increment_access(id);
      return count ? number(*count) : failed(count.error());
    }
    case Kind::set_authenticated:
      return of(manager_->set_authenticated(id, operation.value != 0));
    case Kind::remove:
      return of(manager_->delete_session(id));
    case Kind::merge:
      return of(manager_->merge_sessions(id, ids_[operation.into]));
    case Kind::expire_idle:
      return number(manager_->expire_idle());
    case Kind::run_cleanup: {
      const CleanupReport report = manager_->run_cleanup();
      Outcome outcome = number(report.tried);
      outcome.total = static_cast<std::uint32_t>(report.removed);
      outcome.failed = static_cast<std::uint32_t>(report.failed);
      return outcome;
    }
    case Kind::get_stats: {
      const Stats stats = manager_->get_stats();
      Outcome outcome = number(stats.active_sessions);
      outcome.total = static_cast<std::uint32_t>(stats.total_sessions);
      outcome.failed = static_cast<std::uint32_t>(stats.failed_cleanups);
      outcome.hits = static_cast<std::uint32_t>(stats.cache_hits);
      outcome.misses = static_cast<std::uint32_t>(stats.cache_misses);
      return outcome;
    }
    case Kind::get_active_count:
      return number(manager_->get_active_count());
    case Kind::step_ttl:
    case Kind::step_most:
    case Kind::step_idle:
      clock_->advance(length(operation.kind));
      return {};
    case Kind::write:
    case Kind::use_elsewhere:
      return write_elsewhere(operation);
    case Kind::read_row: {
      const auto row = rows_->fetch(id).value();
      if (!row) return failed(Error::not_found);
      Outcome outcome;
      outcome.data = seen(row->data);
      outcome.data.version = static_cast<std::uint32_t>(row->version);
      return outcome;
    }
    case Kind::queue_size:
      return number(manager_->get_cleanup_queue_size());
  }
  return {};
}

Outcome Stage::create(const Operation& operation) {
  Result<SessionId> id = manager_->create_session("id", "name");
  if (!id) return failed(id.error());
  ids_[operation.session] = std::move(*id);
  return {};
}

// As another process does it: reads the row, and saves it if nobody has changed it since. not_found: the row is gone,
// and nothing is changed.
Outcome Stage::write_elsewhere(const Operation& operation) {
  const WallTime now = clock_->now().wall;
  for (;;) {
    auto row = rows_->fetch(ids_[operation.session]).value();
    if (!row) return failed(Error::not_found);
    row->data.metadata[key_of(values_max - 1)] = std::to_string(operation.value);
    row->data.access_count += 10;
    if (operation.kind == Kind::use_elsewhere) row->data.last_activity = now;
    const Version expected = row->version++;
    if (rows_->save(*row, expected).value() == Written::yes) return {};
  }
}

Data Stage::seen(const SessionData& data) const {
  Data all;
  all.last_activity = (data.last_activity - beginning_).count();
  all.access_count = static_cast<std::uint32_t>(data.access_count);
  all.is_authenticated = data.is_authenticated;
  for (std::size_t key = 0; key < all.values.size(); ++key) {
    const auto place = data.metadata.find(key_of(key));
    if (place != data.metadata.end()) all.values[key] = static_cast<std::int8_t>(std::stoi(place->second));
  }
  return all;
}

}  // namespace lab::generated
