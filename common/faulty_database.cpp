#include "common/faulty_database.hpp"

#include <cassert>
#include <string_view>
#include <thread>
#include <utility>

namespace lab {
namespace {

void wait(std::chrono::microseconds latency) {
  if (latency.count() > 0) std::this_thread::sleep_for(latency);
}

}  // namespace

bool last_digit_is_odd(const SessionId& id) {
  constexpr std::string_view odd = "13579bdfBDF";
  return !id.str().empty() && odd.find(id.str().back()) != std::string_view::npos;
}

Faults document_faults() { return {.fetch_latency = std::chrono::milliseconds(10), .purge_fails = last_digit_is_odd}; }

FaultyDatabase::FaultyDatabase(std::shared_ptr<Database> inner, Faults faults)
    : inner_(std::move(inner)), faults_(std::move(faults)) {
  assert(inner_ != nullptr);
}

Result<Database::Contents> FaultyDatabase::load() { return inner_->load(); }

Result<std::optional<Row>> FaultyDatabase::fetch(const SessionId& id) {
  wait(faults_.fetch_latency);
  return inner_->fetch(id);
}

Result<Written> FaultyDatabase::save(const Row& row, Version expected) {
  wait(faults_.write_latency);
  return inner_->save(row, expected);
}

Result<Written> FaultyDatabase::merge(const Row& into, Version into_expected, const SessionId& from,
                                      Version from_expected) {
  wait(faults_.write_latency);
  return inner_->merge(into, into_expected, from, from_expected);
}

Result<Written> FaultyDatabase::mark_deleted(const SessionId& id, Version expected) {
  wait(faults_.write_latency);
  return inner_->mark_deleted(id, expected);
}

Result<void> FaultyDatabase::purge(const SessionId& id) {
  if (faults_.purge_fails && faults_.purge_fails(id)) return Unexpected(Error::database_failed);
  return inner_->purge(id);
}

}  // namespace lab
