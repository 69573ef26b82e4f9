#include "tools/grader/formats/junit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <pugixml.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

pugi::xml_document made(const json& report) {
  const std::string text = junit(report);
  CHECK(faults::of_junit(text) == faults::Faults{});
  pugi::xml_document document;
  document.load_buffer(text.data(), text.size());
  return document;
}

std::string attribute(const pugi::xml_document& document, const char* path, const char* name) {
  return document.select_node(path).node().attribute(name).value();
}

}  // namespace

TEST_CASE("a small report is this JUnit file") {
  CHECK(junit(samples::small()) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="alice.zip" time="21.400" tests="5" failures="1" errors="0">
  <testsuite name="judges" tests="2" failures="0" errors="0" skipped="0">
    <properties>
      <property name="verdict" value="failed" />
      <property name="points" value="12" />
      <property name="points_max" value="16" />
      <property name="seed" value="123456" />
      <property name="tier" value="1" />
    </properties>
    <testcase classname="judges" name="the submission" />
    <testcase classname="judges" name="build" time="1.500" />
  </testsuite>
  <testsuite name="01 Lost update" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="01 Lost update" name="updates are all kept">
      <failure type="assertion" message="the session has 1 key, and 2 were set">wrong result: updates are all kept (schedule explorer, 8 runs)
  expected  alice's session keeps every key that her requests have set
  got       the session has 1 key, and 2 were set
  where     session_manager.cpp:57
  again     ./lab grade SUBMISSION --replay 01.1/1:2.3.1

      thread 1                thread 2
   1  57  changed = stored;
</failure>
    </testcase>
    <testcase classname="01 Lost update" name="a revocation stays" />
  </testsuite>
  <testsuite name="02 Lost increment" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="02 Lost increment" name="clicks are counted" />
  </testsuite>
</testsuites>
)");
}

TEST_CASE("what could not be judged is an error and no failure") {
  const pugi::xml_document document = made(samples::small_unjudged());
  CHECK(attribute(document, "//testsuite[@name='02 Lost increment']", "failures") == "0");
  CHECK(attribute(document, "//testsuite[@name='02 Lost increment']/testcase/error", "message") ==
        "The explorer ended early.");
  CHECK(attribute(document, "//testcase[@name='the submission']/error", "message") ==
        "The explorer's canary was not found.");
  CHECK(document.select_nodes("//property[@name='points']").empty());
}

TEST_CASE("an exercise that no claim shows as failed has a test case of its own") {
  const pugi::xml_document document = made(samples::whole());
  CHECK(attribute(document, "//testcase[@name='Independence']/failure", "message").substr(0, 19) ==
        "The one-thread test");
}

TEST_CASE("what is shown and not scored is no failure") {
  json report = samples::small();
  report["exercises"][1]["evidence"].push_back(samples::whole()["exercises"][0]["evidence"][2]);
  const pugi::xml_document document = made(report);
  CHECK(attribute(document, "//testsuite[@name='02 Lost increment']", "failures") == "0");
  CHECK(document.select_nodes("//testcase[@name='everything at once']/system-out").size() == 1);
}

TEST_CASE("a judge that is missing fails no submission that passed without it") {
  json report = samples::small();
  report["verdict"] = "passed";
  report["exercises"].erase(0);
  report["judges"].push_back({{"judge", "tsan"}, {"verdict", "could_not_judge"}, {"reason", "It does not start."}});
  const pugi::xml_document document = made(report);
  CHECK(attribute(document, "/testsuites", "failures") == "0");
  CHECK(attribute(document, "/testsuites", "errors") == "0");
  CHECK(attribute(document, "//testcase[@name='ThreadSanitizer']/skipped", "message") == "It does not start.");
}

TEST_CASE("a submission that was refused fails once, for the reason") {
  json report = samples::small();
  report["exercises"] = json::array();
  report["points"] = 0;
  report["reasons"] = {"session_manager.cpp:4 has inline assembly."};
  const pugi::xml_document document = made(report);
  CHECK(attribute(document, "/testsuites", "failures") == "1");
  CHECK(attribute(document, "//testcase[@name='the submission']/failure", "message") ==
        "session_manager.cpp:4 has inline assembly.");
}
