// A Database whose calls take time, as those of a real one do: a thread waits here while others go on.
//
// Thread safety: as Database says, and no lock of its own.
#pragma once

#include <chrono>
#include <memory>

#include "common/database.hpp"

namespace lab::load {

struct Delays {
  std::chrono::microseconds fetch{0};  // slept before a row is read
  std::chrono::microseconds write{0};  // slept before a row is written, merged or marked
};

class SlowDatabase final : public Database {
public:
  // `inner` must be set; it is kept alive.
  SlowDatabase(std::shared_ptr<Database> inner, Delays delays);

  Result<Contents> load() override;
  Result<std::optional<Row>> fetch(const SessionId& id) override;
  Result<Written> save(const Row& row, Version expected) override;
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override;
  Result<Written> mark_deleted(const SessionId& id, Version expected) override;
  Result<void> purge(const SessionId& id) override;

private:
  // Constant.
  const std::shared_ptr<Database> inner_;
  const Delays delays_;
};

}  // namespace lab::load
