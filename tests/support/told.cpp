#include "tests/support/told.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#include <filesystem>

#include "tests/support/memory_reports.hpp"
#include "tests/support/race_reports.hpp"
#include "tools/exercises/channel.hpp"

namespace lab::test {
namespace {

using exercises::Evidence;
using exercises::evidence_sink;

// The test that runs.
Evidence current;
std::size_t current_at = 0;

// What ended the process, said by the sanitizer that is about to do it.
void tell_the_end(const MemoryReport& report) {
  Evidence ended = current;
  ended.verdict = report.verdict;
  ended.summary = report.sentence;
  ended.location = report.place.location;
  ended.function = report.place.function;
  evidence_sink().put(current_at, ended);
}

exercises::EvidencePlace place_of(const RaceReport& report, std::size_t index) {
  if (index >= report.places.size() || !report.places[index].in_implementation) return {};
  return {report.places[index].location, report.places[index].function};
}

const char* verdict_of(const RaceReport& report) {
  if (report.is_race()) return "data_race";
  return report.description.starts_with("lock-order") ? "deadlock" : "crash";
}

class Told final : public Catch::EventListenerBase {
public:
  using Catch::EventListenerBase::EventListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    current = {};
    current.judge = "stress";
    current.test = test.name;
    current.tags = test.tagsAsString();
    current.verdict = "passed";
    // What stands there if the process does not come to the test's end.
    Evidence ended = current;
    ended.verdict = "crash";
    ended.summary = "the code under test ended the whole process";
    evidence_sink().put(current_at, ended);
  }

  // The first that fails is told: what comes after may be of its making.
  void assertionEnded(const Catch::AssertionStats& stats) override {
    const Catch::AssertionResult& result = stats.assertionResult;
    if (result.isOk() || current.verdict != "passed") return;
    const Catch::ResultWas::OfType kind = result.getResultType();
    current.verdict = kind == Catch::ResultWas::FatalErrorCondition ? "crash"
                      : kind == Catch::ResultWas::ThrewException    ? "exception"
                                                                    : "assertion";
    for (const Catch::MessageInfo& message : stats.infoMessages)
      current.message += (current.message.empty() ? "" : ": ") + message.message;
    current.summary = current.message + (current.message.empty() ? "" : ": ") + compared(result);
    const Catch::SourceLineInfo line = result.getSourceInfo();
    current.location = fmt::format("{}:{}", std::filesystem::path(line.file).filename().string(), line.line);
  }

  void testCaseEnded(const Catch::TestCaseStats&) override {
    const std::vector<RaceReport> reports = race_reports();
    for (; reports_told_ < reports.size(); ++reports_told_) {
      const RaceReport& report = reports[reports_told_];
      if (report.is_race()) current.races.push_back({place_of(report, 0), place_of(report, 1)});
      if (current.verdict != "passed") continue;
      current.verdict = verdict_of(report);
      current.summary = report.sentence();
      current.location = place_of(report, 0).location;
      current.function = place_of(report, 0).function;
    }
    evidence_sink().put(current_at++, current);
  }

private:
  static std::string compared(const Catch::AssertionResult& result) {
    if (result.hasMessage()) return std::string(result.getMessage());
    std::string text = result.getExpression();
    if (result.hasExpandedExpression()) text += ", which is " + result.getExpandedExpression();
    return text;
  }

  std::size_t reports_told_ = 0;
};

CATCH_REGISTER_LISTENER(Told)

}  // namespace

void tell_what_tests_come_to(const std::string& where) {
  evidence_sink().open(where);
  if (evidence_sink().is_open()) on_memory_report(tell_the_end);
}

}  // namespace lab::test
