#include "tests/generated/operation.hpp"

#include <fmt/format.h>

namespace lab::generated {
namespace {

using namespace std::chrono_literals;

std::string key_name(std::size_t key) { return std::string(1, "abcw"[key]); }
std::string session_name(int slot) { return fmt::format("s{}", slot + 1); }

std::string duration_text(std::int64_t ns) {
  // Only sums of the steps of the clock occur: whole seconds, and a nanosecond for each step that just passes a limit.
  return ns == 0 ? "0"
                 : fmt::format("{}s{}", ns / 1'000'000'000,
                               ns % 1'000'000'000 == 0 ? "" : fmt::format("+{}ns", ns % 1'000'000'000));
}

std::string text(const Data& data) {
  std::string all = fmt::format("{{count {}, {}", data.access_count,
                                data.is_authenticated != 0 ? "authenticated" : "not authenticated");
  for (std::size_t key = 0; key < data.values.size(); ++key) {
    if (data.values[key] != no_value) all += fmt::format(", {}={}", key_name(key), data.values[key]);
  }
  if (data.last_activity != 0) all += ", used at " + duration_text(data.last_activity);
  if (data.version != 0) all += fmt::format(", version {}", data.version);
  return all + "}";
}

}  // namespace

std::string name(Kind kind) {
  switch (kind) {
    case Kind::create:
      return "create";
    case Kind::get:
      return "get";
    case Kind::update:
      return "update";
    case Kind::increment:
      return "increment";
    case Kind::set_authenticated:
      return "set_authenticated";
    case Kind::remove:
      return "delete";
    case Kind::merge:
      return "merge";
    case Kind::expire_idle:
      return "expire_idle";
    case Kind::run_cleanup:
      return "run_cleanup";
    case Kind::get_stats:
      return "get_stats";
    case Kind::get_active_count:
      return "get_active_count";
    case Kind::step_ttl:
      return "step_ttl";
    case Kind::step_most:
      return "step_most";
    case Kind::step_idle:
      return "step_idle";
    case Kind::write:
      return "write";
    case Kind::use_elsewhere:
      return "use_elsewhere";
    case Kind::read_row:
      return "read_row";
    case Kind::queue_size:
      return "queue_size";
  }
  return "";
}

std::string clause(Kind kind) {
  switch (kind) {
    case Kind::create:
      return "C1";
    case Kind::get:
      return "C2";
    case Kind::update:
      return "C3";
    case Kind::increment:
      return "C4";
    case Kind::set_authenticated:
      return "C9";
    case Kind::remove:
      return "C5";
    case Kind::merge:
      return "C11";
    case Kind::expire_idle:
      return "C10";
    case Kind::run_cleanup:
    case Kind::queue_size:
      return "C7";
    case Kind::get_stats:
    case Kind::get_active_count:
      return "C6";
    case Kind::write:
    case Kind::use_elsewhere:
      return "C8";
    case Kind::step_ttl:
    case Kind::step_most:
    case Kind::step_idle:
    case Kind::read_row:
      break;
  }
  return "";
}

bool is_clock_step(Kind kind) { return kind == Kind::step_ttl || kind == Kind::step_most || kind == Kind::step_idle; }

bool is_another_process(Kind kind) { return kind == Kind::write || kind == Kind::use_elsewhere; }

std::chrono::nanoseconds length(Kind clock_step) {
  const Settings settings;
  if (clock_step == Kind::step_ttl) return settings.cache_ttl + 1ns;
  if (clock_step == Kind::step_most) return settings.idle_timeout * 2 / 3;
  return settings.idle_timeout + 1ns;
}

std::chrono::nanoseconds length(Age age) {
  if (age == Age::fresh) return 0ns;
  return length(age == Age::stale ? Kind::step_ttl : Kind::step_most);
}

std::size_t Program::size() const {
  std::size_t all = 0;
  for (const auto& thread : threads) all += thread.size();
  return all;
}

Outcome failed(Error error) {
  Outcome outcome;
  outcome.error = static_cast<std::int32_t>(error);
  return outcome;
}

std::string text(const Operation& operation) {
  const std::string session = session_name(operation.session);
  switch (operation.kind) {
    case Kind::create:
      return session + " = create_session()";
    case Kind::get:
      return fmt::format("get_session({})", session);
    case Kind::update:
      return fmt::format("update_session({}, \"{}\", \"{}\")", session, key_name(operation.key), operation.value);
    case Kind::increment:
      return fmt::format("increment_access({})", session);
    case Kind::set_authenticated:
      return fmt::format("set_authenticated({}, {})", session, operation.value != 0);
    case Kind::remove:
      return fmt::format("delete_session({})", session);
    case Kind::merge:
      return fmt::format("merge_sessions({}, {})", session, session_name(operation.into));
    case Kind::step_ttl:
      return "clock.advance(cache_ttl + 1ns)";
    case Kind::step_most:
      return "clock.advance(idle_timeout * 2 / 3)";
    case Kind::step_idle:
      return "clock.advance(idle_timeout + 1ns)";
    case Kind::write:
    case Kind::use_elsewhere:
      return fmt::format("another process: row of {}: \"w\" = \"{}\", access_count += 10{}", session, operation.value,
                         operation.kind == Kind::write ? "" : ", used now");
    case Kind::read_row:
      return fmt::format("rows.fetch({})", session);
    case Kind::queue_size:
      return "get_cleanup_queue_size()";
    case Kind::expire_idle:
    case Kind::run_cleanup:
    case Kind::get_stats:
    case Kind::get_active_count:
      break;
  }
  return name(operation.kind) + "()";
}

std::string text(const Outcome& outcome, Kind kind) {
  if (outcome.error >= 0) return std::string(to_string(static_cast<Error>(outcome.error)));
  switch (kind) {
    case Kind::get:
    case Kind::read_row:
      return text(outcome.data);
    case Kind::increment:
    case Kind::expire_idle:
    case Kind::get_active_count:
    case Kind::queue_size:
      return std::to_string(outcome.number);
    case Kind::run_cleanup:
      return fmt::format("{{tried {}, removed {}, failed {}}}", outcome.number, outcome.total, outcome.failed);
    case Kind::get_stats:
      return fmt::format("{{total {}, active {}, failed {}, hits {}, misses {}}}", outcome.total, outcome.number,
                         outcome.failed, outcome.hits, outcome.misses);
    default:
      return "done";
  }
}

std::string text(const Program& program) {
  std::string all = fmt::format("  {} session{}", program.sessions, program.sessions == 1 ? "" : "s");
  if (program.age != Age::fresh) all += ", created " + duration_text(length(program.age).count()) + " before";
  all += "\n";
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    all += fmt::format("  thread {}:", i + 1);
    for (const Operation& operation : program.threads[i]) all += " " + text(operation) + ";";
    all += "\n";
  }
  return all;
}

}  // namespace lab::generated
