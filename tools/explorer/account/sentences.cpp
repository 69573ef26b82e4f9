// What explanation.hpp says in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

std::string access(const RacePlace& race) {
  return fmt::format("{}{}", race.atomic ? "atomic " : "", race.write ? "write" : "read");
}

std::string valued(const Deed& deed) {
  if (!deed.value) return deed.object;
  return fmt::format("{} = {}", deed.object, value_text(*deed.value, deed.size));
}

std::string waits_for(Operation operation, const std::string& object, std::optional<std::uint16_t> holder) {
  switch (operation) {
    case Operation::join:
      return holder ? fmt::format("waits for {} to end", thread_name(*holder)) : "waits for a thread to end";
    case Operation::wait:
      return fmt::format("waits on {}, and nobody notifies it", object);
    case Operation::futex_wait:
      return fmt::format("waits for {} to change, and nobody wakes it", object);
    case Operation::semaphore_wait:
      return fmt::format("waits for {}, and nobody releases it", object);
    case Operation::barrier_wait:
      return fmt::format("waits at {}, and not enough others come", object);
    case Operation::stop:
      return "is stopped by the test";
    default:
      break;
  }
  const std::string what = object.empty() ? fmt::format("a {}", operation_name(operation)) : object;
  return holder ? fmt::format("waits for {}, held by {}", what, thread_name(*holder))
                : fmt::format("waits for {}", what);
}

std::string plain_sentence(const Deed& deed) {
  switch (deed.operation) {
    case Operation::start:
      return "starts";
    case Operation::end:
      return "ends";
    case Operation::create:
      return fmt::format("creates {}", thread_name(deed.other));
    case Operation::join:
      return fmt::format("joins {}", thread_name(deed.other));
    case Operation::lock:
      return fmt::format("locks {}", deed.object);
    case Operation::lock_shared:
      return fmt::format("locks {} shared", deed.object);
    case Operation::try_lock:
      return fmt::format("tries {}{}", deed.object, deed.succeeded ? " and gets it" : " in vain");
    case Operation::try_lock_shared:
      return fmt::format("tries {} shared{}", deed.object, deed.succeeded ? " and gets it" : " in vain");
    case Operation::unlock:
      return fmt::format("unlocks {}", deed.object);
    case Operation::unlock_shared:
      return fmt::format("unlocks {} shared", deed.object);
    case Operation::wait:
      return fmt::format("begins to wait on {}", deed.object);
    case Operation::wake:
      return fmt::format("goes on after waiting on {}", deed.object);
    case Operation::notify_one:
      return deed.other == 0 ? fmt::format("notifies one on {}", deed.object)
                             : fmt::format("notifies {} on {}", thread_name(deed.other), deed.object);
    case Operation::notify_all:
      return fmt::format("notifies all on {}", deed.object);
    case Operation::atomic_load:
      return fmt::format("loads {}", valued(deed));
    case Operation::atomic_store:
      return fmt::format("stores {}", valued(deed));
    case Operation::atomic_update:
      return deed.succeeded ? fmt::format("updates {}", valued(deed))
                            : fmt::format("does not get to update {}", valued(deed));
    case Operation::fence:
      return "fence";
    case Operation::read:
      return fmt::format("reads {}", valued(deed));
    case Operation::write:
      return fmt::format("writes {}", valued(deed));
    case Operation::free:
      return fmt::format("frees {}", deed.object);
    case Operation::futex_wait:
      return fmt::format("waits for {} to change", deed.object);
    case Operation::futex_wake:
      return fmt::format("wakes who waits for {}", deed.object);
    case Operation::semaphore_wait:
      return fmt::format("acquires {}", deed.object);
    case Operation::semaphore_post:
      return fmt::format("releases {}", deed.object);
    case Operation::barrier_wait:
      return fmt::format("arrives at {}", deed.object);
    case Operation::once:
      return fmt::format("sees to it that {} is made once", deed.object);
    case Operation::yield:
      return "yields";
    case Operation::sleep:
      return "sleeps";
    case Operation::clock:
      return "reads the time";
    case Operation::exit:
      return "ends the process";
    case Operation::stop:
      return "is stopped by the test";
    case Operation::failure:
      return "fails";
  }
  return std::string(operation_name(deed.operation));
}

}  // namespace

std::string value_text(std::uint64_t value, std::uint8_t size) {
  // Nearer to zero than any address or hash is likely to be: counters that went below it, and -1 for an error.
  constexpr std::int64_t least_negative = -1'000'000;
  std::int64_t with_sign = 0;
  if (size == 4) with_sign = static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  if (size == 8) with_sign = static_cast<std::int64_t>(value);
  if (with_sign < 0 && with_sign >= least_negative) return fmt::format("{}", with_sign);
  return value >> 32 == 0 ? fmt::format("{}", value) : fmt::format("{:#x}", value);
}

std::string sentence(const Deed& deed) {
  if (deed.waiting) return waits_for(deed.operation, deed.object, deed.holder);
  std::string text = deed.words == 0 ? plain_sentence(deed)
                                     : fmt::format("{} {}", deed.operation == Operation::read ? "reads" : "writes",
                                                   count_of(deed.words, "shared word"));
  if (deed.overwrites) {
    text += fmt::format(", overwriting what {} wrote in step {}", thread_name(deed.loser), deed.overwrites->step + 1);
    if (deed.last_read)
      text += fmt::format("; it last read {} in step {}", deed.words > 1 ? "them" : "it", deed.last_read->step + 1);
  }
  if (deed.written_by) text += fmt::format(" (written by step {})", deed.written_by->step + 1);
  if (deed.timed_out) text += ", its time is up";
  if (deed.spurious) text += ", though nobody notified it";
  return text;
}

std::string sentence(const ExplainedRace& race) {
  const bool same_function = race.earlier.place.function == race.later.place.function;
  return fmt::format("data race{}: {} at {} by {}, and {} at {} by {}, not ordered by any lock or atomic",
                     race.object.empty() ? "" : " on " + race.object, access(race.later),
                     location_and_function(race.later.place), thread_name(race.later.thread), access(race.earlier),
                     same_function ? location(race.earlier.place) : location_and_function(race.earlier.place),
                     thread_name(race.earlier.thread));
}

std::string sentence(const Waiting& waiting) {
  std::string text = thread_name(waiting.thread);
  if (waiting.taken_at && waiting.holder && !waiting.place.file.empty()) {
    text += fmt::format(" waits at {} for {}, which {} took at {}", location_and_function(waiting.place),
                        waiting.object, *waiting.holder == waiting.thread ? "it" : thread_name(*waiting.holder),
                        location_and_function(*waiting.taken_at));
  } else {
    text += " " + waits_for(waiting.operation, waiting.object, waiting.holder);
    if (!waiting.place.file.empty()) text += ", at " + location_and_function(waiting.place);
  }
  if (!waiting.holds.empty()) text += fmt::format("; it holds {}", fmt::join(waiting.holds, " and "));
  return text;
}

}  // namespace lab::explorer
