// What a claim starts from: a manager over a database in memory and a clock that stands still.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "tests/support/scripted_database.hpp"

namespace lab::test {

using namespace std::chrono_literals;

// For what can't fail where a test has no main thread to assert on: ends the test's process if it does.
template <class T>
void must(const Result<T>& result) {
  if (!result) throw std::logic_error("unexpected error: " + std::string(to_string(result.error())));
}

// A clock that lets a test hold each reading of the one behind it. Set the hook before other threads call.
class ScriptedClock final : public Clock {
public:
  ManualClock manual;
  std::function<void()> before_now;
  bool waits_time_out = false;  // waits have a time limit of the machine's time, not of this clock

  Instant now() override {
    if (before_now) before_now();
    return manual.now();
  }
  std::cv_status wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) override LAB_REQUIRES(held) {
    return waits_time_out ? wake.wait_for(held, timeout) : manual.wait_for(held, wake, timeout);
  }
};

struct World {
  std::shared_ptr<MemoryDatabase> rows = std::make_shared<MemoryDatabase>();
  std::shared_ptr<ScriptedDatabase> database = std::make_shared<ScriptedDatabase>(rows);
  std::shared_ptr<ScriptedClock> clock = std::make_shared<ScriptedClock>();
  Settings settings;
  std::unique_ptr<SessionManager> manager = make_session_manager({database, clock, settings}).value();

  SessionManager* operator->() const { return manager.get(); }

  SessionId create(const std::string& user = "alice") const {
    return manager->create_session("id of " + user, user).value();
  }

  void advance(std::chrono::nanoseconds by) const { clock->manual.advance(by); }

  // What a new process would make of the same database.
  std::unique_ptr<SessionManager> restarted() const {
    return make_session_manager({database, clock, settings}).value();
  }

  // Changes a row behind the manager's back, as another process over the same database does.
  template <class Change>
  Row write_elsewhere(const SessionId& id, Change change) const {
    Row row = rows->fetch(id).value().value();
    const Version expected = row.version;
    ++row.version;
    change(row.data);
    if (rows->save(row, expected).value() != Written::yes) throw std::logic_error("nobody else writes this row");
    return row;
  }
};

}  // namespace lab::test
