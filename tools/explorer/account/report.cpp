#include "tools/explorer/account/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tools/explorer/account/lanes.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

using nlohmann::json;

// A program that prints without end must not drown its report.
constexpr std::size_t output_lines_max = 40;

std::string_view word(Measure measure) {
  switch (measure) {
    case Measure::deviations:
      return "deviations";
    case Measure::preemptions:
      return "preemptions";
    case Measure::none:
      break;
  }
  return "none";
}

// --- JSON -----------------------------------------------------------------------------------------------

json text_or_null(const std::string& text) { return text.empty() ? json() : json(clean(text)); }

json location_or_null(const Place& place) { return place.file.empty() ? json() : json(clean(location(place))); }

json value_json(const Deed& deed) {
  if (!deed.value) return nullptr;
  const std::string text = value_text(*deed.value, deed.size);
  if (text.starts_with("0x")) return text;  // not every reader of JSON can tell such numbers apart
  return json::parse(text);
}

json place_json(const ExplainedStep& step, std::size_t number) {
  return {{"step", number},
          {"thread", step.thread},
          {"location", location_or_null(step.place)},
          {"file", text_or_null(step.place.file)},
          {"function", text_or_null(step.place.function)},
          {"text", text_or_null(step.text)},
          {"object", nullptr},
          {"value", nullptr},
          {"written_by", nullptr},
          {"waiting", false},
          {"times", 1},
          {"takes_over", false},
          {"preempts", false}};
}

json steps_json(const std::vector<ExplainedStep>& steps) {
  std::vector<std::size_t> first;  // index of each step's first entry
  std::size_t count = 0;
  for (const ExplainedStep& step : steps) {
    first.push_back(count);
    count += step.deeds.size() + (step.failing ? 1 : 0);
  }
  json entries = json::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const ExplainedStep& step = steps[i];
    for (const Deed& deed : step.deeds) {
      json entry = place_json(step, i + 1);
      entry["operation"] = operation_name(deed.operation);
      entry["object"] = text_or_null(deed.object);
      entry["value"] = value_json(deed);
      if (deed.written_by) entry["written_by"] = first[deed.written_by->step] + deed.written_by->deed;
      if (deed.overwrites) entry["overwrites"] = first[deed.overwrites->step] + deed.overwrites->deed;
      if (deed.last_read) entry["last_read"] = first[deed.last_read->step] + deed.last_read->deed;
      if (deed.words > 0) entry["words"] = deed.words;
      if (deed.operation == Operation::create || deed.operation == Operation::join) entry["other"] = deed.other;
      entry["waiting"] = deed.waiting;
      entry["times"] = deed.times;
      entries.push_back(std::move(entry));
    }
    if (step.failing) {
      json entry = place_json(step, i + 1);
      entry["operation"] = operation_name(Operation::failure);
      entries.push_back(std::move(entry));
    }
    if (first[i] == entries.size()) continue;
    json& begin = entries[first[i]];
    begin["takes_over"] = step.takes_over;
    begin["preempts"] = step.preempts;
    if (step.times > 1) {
      begin["block"] = step.block;
      begin["block_times"] = step.times;
    }
  }
  return entries;
}

json race_place_json(const RacePlace& race) {
  return {{"thread", race.thread},
          {"location", location_or_null(race.place)},
          {"file", text_or_null(race.place.file)},
          {"function", text_or_null(race.place.function)},
          {"operation", operation_name(race.write ? Operation::write : Operation::read)},
          {"atomic", race.atomic}};
}

json races_json(const std::vector<ExplainedRace>& races) {
  json entries = json::array();
  for (const ExplainedRace& race : races) {
    entries.push_back({{"object", text_or_null(race.object)},
                       {"later", race_place_json(race.later)},
                       {"earlier", race_place_json(race.earlier)},
                       {"message", clean(sentence(race))}});
  }
  return entries;
}

json blocked_json(const std::vector<Waiting>& all) {
  json entries = json::array();
  for (const Waiting& waiting : all) {
    json holds = json::array();
    for (const std::string& lock : waiting.holds) holds.push_back(clean(lock));
    entries.push_back({{"thread", waiting.thread},
                       {"location", location_or_null(waiting.place)},
                       {"operation", operation_name(waiting.operation)},
                       {"object", text_or_null(waiting.object)},
                       {"holder", waiting.holder ? json(*waiting.holder) : json()},
                       {"holds", std::move(holds)},
                       {"taken_at", waiting.taken_at ? location_or_null(*waiting.taken_at) : json()},
                       {"message", clean(sentence(waiting))}});
  }
  return entries;
}

json cleaned(const std::vector<std::string>& texts) {
  json entries = json::array();
  for (const std::string& text : texts) entries.push_back(clean(text));
  return entries;
}

// --- text -----------------------------------------------------------------------------------------------

class Page {
public:
  explicit Page(std::size_t width) : width_(width) {}
  void paragraph(std::string_view text, std::size_t indent = 2) {
    for (const std::string& line : wrap(clean(text), width_, indent)) text_ += line + '\n';
  }
  void blank() { text_ += '\n'; }
  void raw(std::string_view text) { text_ += text; }
  std::string take() { return std::move(text_); }

private:
  std::size_t width_;
  std::string text_;
};

void add_output(Page& page, const std::string& output) {
  if (output.empty()) return;
  page.blank();
  page.paragraph("The program printed:");
  std::string_view rest = output;
  for (std::size_t lines = 0; !rest.empty(); ++lines) {
    if (lines == output_lines_max) {
      page.raw("  | … and more\n");
      return;
    }
    const std::size_t end = rest.find('\n');
    page.raw("  | " + clean(rest.substr(0, end)) + "\n");
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

json to_json(const Report& report) {
  static const Explanation none;
  const Explanation& explanation = report.explanation ? *report.explanation : none;
  return {{"schema", 1},
          {"verdict", verdict_word(report.verdict)},
          {"runs", report.runs},
          {"preemptions", report.preemptions},
          {"deviations", report.deviations},
          {"minimal", word(report.minimal)},
          {"exhaustive", report.exhaustive},
          {"bound", {{"kind", word(report.bound.kind)}, {"value", report.bound.value}}},
          {"seconds", report.seconds},
          {"replay", text_or_null(report.replay)},
          {"steps", steps_json(explanation.steps)},
          {"message", text_or_null(report.message)},
          {"seed", report.seed},
          {"program", clean(report.program)},
          {"arguments", cleaned(report.arguments)},
          {"races", races_json(explanation.races)},
          {"blocked", blocked_json(explanation.waiting)},
          {"limits", cleaned(report.limits)},
          {"output", clean(report.output, true)},
          {"virtual_seconds", report.virtual_seconds},
          {"ended_by_time", report.ended_by_time},
          {"truncated", explanation.truncated}};
}

std::string verdict_sentence(const Report& report) {
  std::string text = verdict_title(report.verdict);
  // A deadlock has a place for each of its threads, which are told of one by one.
  if (report.explanation && report.explanation->failed_at && report.verdict != Verdict::passed &&
      report.verdict != Verdict::deadlock) {
    text += fmt::format(" at {}, in {}", location_and_function(*report.explanation->failed_at),
                        thread_name(report.explanation->failing_thread));
  }
  if (!report.message.empty()) text += ": " + report.message;
  return text;
}

std::string extent_sentence(const Report& report) {
  if (report.exhaustive) {
    if (report.bound.kind == Measure::none) return "Explored every schedule.";
    const std::string noun = report.bound.kind == Measure::deviations ? "deviation" : "preemption";
    if (report.bound.value == 0) return fmt::format("Explored everything without a {}.", noun);
    return fmt::format("Explored everything up to {}.", count_of(report.bound.value, noun));
  }
  constexpr std::string_view rest = "what other schedules do is not known";
  if (report.budget_runs > 0)
    return fmt::format("Stopped at the budget of {}: {}.", count_of(report.budget_runs, "run"), rest);
  if (report.budget_seconds > 0) return fmt::format("Stopped at the budget of {} s: {}.", report.budget_seconds, rest);
  if (report.verdict != Verdict::passed) return fmt::format("Stopped at the failure: {}.", rest);
  return fmt::format("Not every schedule was explored: {}.", rest);
}

std::string length_sentence(const Report& report) {
  const std::string deviations = count_of(report.deviations, "deviation");
  const std::string preemptions = count_of(report.preemptions, "preemption");
  switch (report.minimal) {
    case Measure::deviations:
      return fmt::format("The failing schedule has the fewest deviations possible: {} ({}).", deviations, preemptions);
    case Measure::preemptions:
      return fmt::format("The failing schedule has the fewest preemptions possible: {} ({}).", preemptions, deviations);
    case Measure::none:
      break;
  }
  return fmt::format("The failing schedule is the shortest found: {} ({}).", deviations, preemptions);
}

std::string replay_command(const Report& report) {
  if (report.replay.empty()) return {};
  std::string command = "./lab replay " + shell_word(report.replay);
  if (!report.program.empty()) command += " " + shell_word(report.program);
  for (const std::string& argument : report.arguments) command += " " + shell_word(argument);
  return command;
}

std::string to_text(const Report& report, std::size_t width) {
  Page page(width);
  const std::string verdict = verdict_sentence(report);
  page.paragraph(fmt::format("Explored {}: {} in {:.3f} s, seed {}.",
                             report.program.empty() ? "the test" : report.program, count_of(report.runs, "run"),
                             report.seconds, report.seed));
  page.paragraph("Verdict: " + verdict);

  if (report.explanation) {
    const Explanation& explanation = *report.explanation;
    if (!explanation.races.empty() || !explanation.waiting.empty()) page.blank();
    for (const ExplainedRace& race : explanation.races) page.paragraph(sentence(race));
    for (const Waiting& waiting : explanation.waiting) page.paragraph(sentence(waiting));
    if (!explanation.steps.empty()) {
      page.blank();
      page.raw(lanes(explanation, "", width));
    }
  }
  add_output(page, report.output);

  page.blank();
  if (report.verdict != Verdict::passed && !report.replay.empty()) page.paragraph(length_sentence(report));
  page.paragraph(extent_sentence(report));
  if (report.ended_by_time) {
    page.paragraph(fmt::format("It went on only because a wait's time was up: {:.3f} s of its own time passed.",
                               report.virtual_seconds));
  }
  for (const std::string& limit : report.limits) page.paragraph(limit);
  const std::string command = replay_command(report);
  if (!command.empty()) {
    page.paragraph("Run it again with:");
    page.raw(command + '\n');
  }
  return page.take();
}

}  // namespace lab::explorer
