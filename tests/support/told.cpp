#include "tests/support/told.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#include <filesystem>

#include "tools/exercises/evidence.hpp"

namespace lab::test {

std::string& evidence_file() {
  static std::string file;
  return file;
}

namespace {

using exercises::Evidence;

class Told final : public Catch::EventListenerBase {
public:
  using Catch::EventListenerBase::EventListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    current_ = {};
    current_.judge = "stress";
    current_.test = test.name;
    current_.tags = test.tagsAsString();
    current_.verdict = "passed";
    // What stands there if the process does not come to the test's end.
    Evidence ended = current_;
    ended.verdict = "crash";
    ended.summary = "the code under test ended the whole process";
    all_.push_back(ended);
    write();
  }

  // The first that fails is told: what comes after may be of its making.
  void assertionEnded(const Catch::AssertionStats& stats) override {
    const Catch::AssertionResult& result = stats.assertionResult;
    if (result.isOk() || current_.verdict != "passed") return;
    const Catch::ResultWas::OfType kind = result.getResultType();
    current_.verdict = kind == Catch::ResultWas::FatalErrorCondition ? "crash"
                       : kind == Catch::ResultWas::ThrewException    ? "exception"
                                                                     : "assertion";
    current_.summary = sentence(stats);
    const Catch::SourceLineInfo line = result.getSourceInfo();
    current_.location = fmt::format("{}:{}", std::filesystem::path(line.file).filename().string(), line.line);
  }

  void testCaseEnded(const Catch::TestCaseStats&) override {
    all_.back() = current_;
    write();
  }

private:
  void write() const {
    if (!evidence_file().empty()) exercises::write_evidence(evidence_file(), all_);
  }

  // A message says more than what is compared, and stands before it.
  static std::string sentence(const Catch::AssertionStats& stats) {
    const Catch::AssertionResult& result = stats.assertionResult;
    std::string text;
    for (const Catch::MessageInfo& message : stats.infoMessages) text += message.message + ": ";
    if (result.hasMessage()) return text + std::string(result.getMessage());
    text += result.getExpression();
    if (result.hasExpandedExpression()) text += ", which is " + result.getExpandedExpression();
    return text;
  }

  Evidence current_;
  std::vector<Evidence> all_;
};

CATCH_REGISTER_LISTENER(Told)

}  // namespace
}  // namespace lab::test
