// A database that lets a test look at, hold or fail each call to the one behind it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "common/database.hpp"

namespace lab::test {

enum class Call { load, fetch, save, merge, mark_deleted, purge };
inline constexpr std::size_t call_kinds = 6;

// Set the hooks before any other thread calls; they run on the calling thread, and may block.
class ScriptedDatabase final : public Database {
public:
  explicit ScriptedDatabase(std::shared_ptr<Database> inner) : inner_(std::move(inner)) {}

  // Runs before the call reaches the inner database; an error it returns is the call's result.
  std::function<std::optional<Error>(Call, const SessionId&)> before;
  // Runs after the inner database has answered, before the caller hears of it.
  std::function<void(Call, const SessionId&)> after;

  std::size_t calls(Call call) const { return calls_[static_cast<std::size_t>(call)]; }

  Result<Contents> load() override {
    return pass(Call::load, SessionId(), [&] { return inner_->load(); });
  }
  Result<std::optional<Row>> fetch(const SessionId& id) override {
    return pass(Call::fetch, id, [&] { return inner_->fetch(id); });
  }
  Result<Written> save(const Row& row, Version expected) override {
    return pass(Call::save, row.data.session_id, [&] { return inner_->save(row, expected); });
  }
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override {
    return pass(Call::merge, from, [&] { return inner_->merge(into, into_expected, from, from_expected); });
  }
  Result<Written> mark_deleted(const SessionId& id, Version expected) override {
    return pass(Call::mark_deleted, id, [&] { return inner_->mark_deleted(id, expected); });
  }
  Result<void> purge(const SessionId& id) override {
    return pass(Call::purge, id, [&] { return inner_->purge(id); });
  }

private:
  template <class Forward>
  auto pass(Call call, const SessionId& id, Forward forward) -> decltype(forward()) {
    ++calls_[static_cast<std::size_t>(call)];
    if (before) {
      if (const auto error = before(call, id)) return Unexpected(*error);
    }
    auto result = forward();
    if (after) after(call, id);
    return result;
  }

  const std::shared_ptr<Database> inner_;
  std::array<std::atomic<std::size_t>, call_kinds> calls_{};
};

}  // namespace lab::test
