#include "tools/explorer/account/mistake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "tools/explorer/account/kinds.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// "step 6 (session_manager.cpp:105)".
std::string told(const std::vector<ExplainedStep>& steps, std::size_t index) {
  const Place& place = steps[index].place;
  return place.file.empty() ? fmt::format("step {}", index + 1)
                            : fmt::format("step {} ({})", index + 1, location(place));
}

struct Overwrite {
  std::size_t step = 0, look = 0, change = 0;
  std::uint16_t loser = 0;
  std::string object;       // empty: several
  std::size_t words = 0;    // ...so many
  std::string seen, found;  // the values, where there are any
};

// Follows each byte through the steps: who wrote it last, and where each thread has last looked at it.
class Bytes {
public:
  explicit Bytes(const std::vector<ExplainedStep>& steps) : steps_(steps) {}

  std::optional<Overwrite> last_loss(std::size_t end) {
    std::optional<Overwrite> last;
    for (std::size_t i = 0; i < end; ++i) {
      for (const Deed& deed : steps_[i].deeds) {
        if (const std::optional<Overwrite> loss = add(i, deed)) last = loss;
      }
    }
    return last;
  }

private:
  struct Seen {
    std::size_t step = 0;
    std::string value;
  };
  struct Byte {
    std::optional<Seen> written;
    std::uint16_t writer = 0;
    std::map<std::uint16_t, Seen> read;  // by thread
  };

  std::optional<Overwrite> add(std::size_t index, const Deed& deed) {
    const std::uint16_t thread = steps_[index].thread;
    const bool writes = deed.operation == Operation::write || deed.operation == Operation::atomic_store ||
                        (deed.operation == Operation::atomic_update && deed.succeeded);
    const Seen now{index, deed.value ? value_text(*deed.value, deed.size) : std::string()};
    std::optional<Overwrite> loss;
    for (const Touched& touched : deed.touched) {
      for (std::uint64_t at = touched.address; at != touched.address + touched.size; ++at) {
        Byte& byte = bytes_[at];
        // An update looks in the same instant.
        const bool blind = writes && deed.operation != Operation::atomic_update;
        const auto read = byte.read.find(thread);
        if (blind && byte.written && byte.writer != thread && read != byte.read.end() &&
            read->second.step < byte.written->step) {
          if (!loss || loss->change < byte.written->step) {
            loss = Overwrite{
                index,      read->second.step,  byte.written->step, byte.writer, deed.words == 0 ? deed.object : "",
                deed.words, read->second.value, byte.written->value};
          }
        }
        if (writes) {
          byte.written = now;
          byte.writer = thread;
        }
        byte.read[thread] = now;
      }
    }
    return loss;
  }

  const std::vector<ExplainedStep>& steps_;
  std::unordered_map<std::uint64_t, Byte> bytes_;
};

Mistake lost_update(const std::vector<ExplainedStep>& steps, const Overwrite& loss) {
  Mistake mistake;
  mistake.kind = Mistake::Kind::lost_update;
  mistake.step = loss.step;
  mistake.look = loss.look;
  mistake.change = loss.change;
  const std::string thread = thread_name(steps[loss.step].thread);
  const std::string loser = thread_name(loss.loser);
  const std::string object = loss.object.empty() ? count_of(loss.words, "shared word") : loss.object;
  mistake.what = with_capital(
      fmt::format("{} writes over what {} wrote in step {}, and has not seen it.", thread, loser, loss.change + 1));
  const bool valued = !loss.object.empty() && !loss.seen.empty() && !loss.found.empty();
  mistake.believed.push_back(with_capital(
      valued
          ? fmt::format("{} believed {} = {}: it last looked in {}.", thread, object, loss.seen, told(steps, loss.look))
          : fmt::format("{} went by its copy of {}: it last looked in {}.", thread, object, told(steps, loss.look))));
  mistake.was_true.push_back(
      with_capital(valued ? fmt::format("in truth {} was {}: {} had written it in {}.", object, loss.found, loser,
                                        told(steps, loss.change))
                          : fmt::format("{} had written them anew in {}.", loser, told(steps, loss.change))));
  return mistake;
}

// The last step in which the thread does that at the place.
std::optional<std::size_t> find_access(const std::vector<ExplainedStep>& steps, const RacePlace& race) {
  for (std::size_t i = steps.size(); i-- > 0;) {
    const ExplainedStep& step = steps[i];
    if (step.thread != race.thread || step.place.file != race.place.file || step.place.line != race.place.line)
      continue;
    const auto is_it = [&](const Deed& deed) {
      return is_memory(deed.operation) && (!race.write || deed.operation != Operation::read);
    };
    if (std::any_of(step.deeds.begin(), step.deeds.end(), is_it)) return i;
  }
  return std::nullopt;
}

std::optional<Mistake> race_in(const Explanation& explanation) {
  for (const ExplainedRace& race : explanation.races) {
    const std::optional<std::size_t> later = find_access(explanation.steps, race.later);
    if (!later) continue;
    Mistake mistake;
    mistake.kind = Mistake::Kind::race;
    mistake.step = *later;
    mistake.change = find_access(explanation.steps, race.earlier);
    mistake.what = with_capital(sentence(race)) + ".";
    for (const RacePlace* one : {&race.earlier, &race.later}) {
      mistake.believed.push_back(
          with_capital(fmt::format("{} believed that nobody else {} meanwhile, at {}.", thread_name(one->thread),
                                   one->write ? "looks or writes there" : "writes there", location(one->place))));
    }
    mistake.was_true.push_back(
        "Nothing makes either of the two wait for the other: no lock is held by both, and no atomic orders them.");
    return mistake;
  }
  return std::nullopt;
}

std::optional<Mistake> circle_in(const Explanation& explanation) {
  Mistake mistake;
  mistake.kind = Mistake::Kind::circle;
  bool found = false;
  for (std::size_t i = 0; i < explanation.steps.size(); ++i) {
    for (const Deed& deed : explanation.steps[i].deeds) {
      if (!deed.waiting) continue;
      found = true;
      mistake.step = i;
    }
  }
  if (!found) return std::nullopt;
  mistake.what = "Nobody goes on from here: each waits for something that only another could give.";
  for (const Waiting& waiting : explanation.waiting) {
    mistake.believed.push_back(with_capital(fmt::format(
        "{} believed that it would get {}.", thread_name(waiting.thread),
        waiting.operation == Operation::join && waiting.holder ? "past the end of " + thread_name(*waiting.holder)
        : waiting.object.empty()                               ? "on"
                                                               : waiting.object)));
    mistake.was_true.push_back(with_capital(sentence(waiting)) + ".");
  }
  return mistake;
}

}  // namespace

bool may_be_lost_update(Verdict verdict) {
  return verdict == Verdict::assertion || verdict == Verdict::data_race || verdict == Verdict::exception;
}

std::optional<Mistake> mistake_in(const Explanation& explanation, Verdict verdict) {
  const std::vector<ExplainedStep>& steps = explanation.steps;
  if (steps.empty() || verdict == Verdict::passed || !is_judged(verdict)) return std::nullopt;
  if (verdict == Verdict::deadlock) {
    if (std::optional<Mistake> circle = circle_in(explanation)) return circle;
  }
  const auto at = std::find_if(steps.begin(), steps.end(), [](const ExplainedStep& step) { return step.failing; });
  const std::size_t failing = at == steps.end() ? steps.size() - 1 : static_cast<std::size_t>(at - steps.begin());

  if (may_be_lost_update(verdict)) {
    const std::size_t end = verdict == Verdict::data_race ? steps.size() : failing + 1;
    if (const std::optional<Overwrite> loss = Bytes(steps).last_loss(end)) return lost_update(steps, *loss);
  }
  if (verdict == Verdict::data_race) {
    if (std::optional<Mistake> race = race_in(explanation)) return race;
  }

  Mistake mistake;
  mistake.step = failing;
  const std::string thread = thread_name(steps[failing].thread);
  mistake.what = with_capital(fmt::format("{} fails here.", thread));
  if (verdict == Verdict::use_after_free) {
    for (std::size_t i = 0; i <= failing; ++i) {
      for (const Deed& deed : steps[i].deeds) {
        if (deed.operation != Operation::free) continue;
        mistake.kind = Mistake::Kind::freed;
        mistake.change = i;
      }
    }
    if (mistake.change) {
      mistake.believed.push_back(with_capital(fmt::format("{} believed that the object still lives.", thread)));
      mistake.was_true.push_back(with_capital(fmt::format(
          "{} had given it back in {}.", thread_name(steps[*mistake.change].thread), told(steps, *mistake.change))));
    }
  }
  return mistake;
}

}  // namespace lab::explorer
