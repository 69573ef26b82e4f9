// A Database that is as slow and as unreliable as the documents', or as it is told to be: it delays fetches and writes,
// and refuses purges. Everything else goes straight to the database that it wraps.
//
// Thread safety: as Database says, and no lock of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "common/database.hpp"

namespace lab {

struct Faults {
  // Sleeps in the calling thread, before the row is read.
  std::chrono::microseconds fetch_latency{0};
  // Whether a purge of that id returns database_failed and leaves the row marked; none fails where this is
  // empty. Called by any number of threads at once.
  std::function<bool(const SessionId&)> purge_fails = {};
  // Sleeps in the calling thread, before a row is saved, merged or marked.
  std::chrono::microseconds write_latency{0};
};

// Whether the id ends in an odd hexadecimal digit: about half of the ids do, and always the same ones.
bool last_digit_is_odd(const SessionId& id);

// A fetch takes 10 ms, and the purges of an arbitrary half of the ids fail however often they are tried.
Faults document_faults();

class FaultyDatabase final : public Database {
public:
  // `inner` must be set; it is kept alive.
  FaultyDatabase(std::shared_ptr<Database> inner, Faults faults);

  Result<Contents> load() override;
  Result<std::optional<Row>> fetch(const SessionId& id) override;
  Result<Written> save(const Row& row, Version expected) override;
  Result<Written> merge(const Row& into, Version into_expected, const SessionId& from, Version from_expected) override;
  Result<Written> mark_deleted(const SessionId& id, Version expected) override;
  Result<void> purge(const SessionId& id) override;

private:
  // Constant.
  const std::shared_ptr<Database> inner_;
  const Faults faults_;
};

}  // namespace lab
