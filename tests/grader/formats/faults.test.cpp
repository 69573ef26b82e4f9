// The checkers of the other tests, fed with what is wrong.
#include "tests/grader/formats/faults.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader::formats::faults;

TEST_CASE("a results.json with a test's score but none of its own is found faulty") {
  CHECK(of_gradescope(R"({"score": 1, "tests": [{"score": 1, "status": "passed"}]})") == Faults{});
  CHECK(of_gradescope(R"({"tests": [{"score": 0}]})") == Faults{"a test has a score where the whole has no score"});
  CHECK(of_gradescope(R"({"score": 1, "visibility": "secret", "colour": 1})") ==
        Faults{"the file has an unknown colour", "visibility of the file is none of the words allowed"});
  CHECK(of_gradescope("{") == Faults{"the file is no JSON"});
}

TEST_CASE("a PrairieLearn file that is too large, or not gradable and yet scored, is found faulty") {
  CHECK(of_prairielearn(R"({"score": 0.5})") == Faults{});
  CHECK(of_prairielearn(R"({"gradable": false})") == Faults{});
  CHECK(of_prairielearn(R"({"gradable": false, "score": 0})") == Faults{"gradable and score contradict each other"});
  CHECK(of_prairielearn(R"({"score": 72})") == Faults{"score is not from 0 to 1"});
  CHECK(of_prairielearn(R"({"score": 1, "message": ")" + std::string(1'000'000, 'x') + "\"}") ==
        Faults{"the file has 1000027 bytes"});
}

TEST_CASE("an autoresult without scores, or that Autolab would put quotes into, is found faulty") {
  CHECK(of_autolab("{\"scores\": {\"01\": 8, \"02\": null}}\n") == Faults{});
  CHECK(of_autolab("{\"scores\": {}}\n") == Faults{"scores is empty"});
  CHECK(of_autolab("{\"scores\": {\"a:b\": 1}}\n") == Faults{"a word stands before a colon"});
  CHECK(of_autolab("{\"scores\":\n{\"01\": 1}}\n") == Faults{"it is not one line"});
}

TEST_CASE("a JUnit file with a wrong count, or a field that its schema lacks, is found faulty") {
  const std::string good =
      R"(<testsuites time="1.000" tests="1" failures="1" errors="0"><testsuite name="a" tests="1" failures="1" errors="0" )"
      R"(skipped="0"><testcase name="b"><failure>c</failure></testcase></testsuite></testsuites>)";
  CHECK(of_junit(good) == Faults{});
  std::string bad = good;
  bad.replace(bad.find("failures=\"1\""), 12, "failures=\"0\"");
  CHECK(of_junit(bad) == Faults{"failures of <testsuites> is 0 where 1 are"});
  bad = good;
  bad.replace(bad.find("testcase name"), 13, "testcase nome");
  CHECK(of_junit(bad) == Faults{"<testcase> has a nome", "<testcase> has no name"});
  CHECK(of_junit("<a>").front().substr(0, 19) == "the file is no XML:");
}

TEST_CASE("a SARIF file that its schema refuses is found faulty") {
  const std::string head = R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x", "rules": [{"id": "B1")";
  const std::string result = R"(}]}}, "results": [{"ruleId": "B1", "ruleIndex": 0, "message": {"text": "m"})";
  CHECK(of_sarif(head + result + "}]}]}") == Faults{});
  CHECK(of_sarif(head + R"(, "helpUri": "exercises/01.md")" + result + "}]}]}") ==
        Faults{"helpUri of a rule is no absolute address"});
  CHECK(of_sarif(head + result + R"(, "locations": {"physicalLocation": {}})" + "}]}]}").front() ==
        "locations of a result is no list");
  CHECK(of_sarif(head + result + R"(, "level": "fatal")" + "}]}]}") ==
        Faults{"level of a result is none of the words allowed"});
}

TEST_CASE("a page that loads, runs or leads elsewhere is found faulty") {
  const auto page = [](const std::string& body) {
    return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"/><meta http-equiv=\"Content-Security-Policy\" "
           "content=\"default-src 'none'\"/></head><body>" +
           body + "</body></html>";
  };
  CHECK(of_html(page("<h1 id=\"a\">b</h1><a href=\"#a\">c</a>")) == Faults{});
  CHECK(of_html(page("<script>1</script>")) == Faults{"there is a <script>"});
  CHECK(of_html(page("<p onclick=\"1\">b</p>")) == Faults{"<p> has a onclick"});
  CHECK(of_html(page("<a href=\"http://x\">c</a>")) ==
        Faults{"a link leads out of the page", "nothing has the id ttp://x"});
  CHECK(of_html(page("<p class=\"a>b\"/>")) == Faults{"<p> is empty"});
  CHECK(of_html(page("<h1>a</h1><h3>b</h3>")) == Faults{"<h3> comes after a heading of level 1"});
  CHECK(of_html("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"/></head></html>") ==
        Faults{"no policy that forbids scripts comes first"});
}

TEST_CASE("a table with a formula or an open quote is found faulty") {
  CHECK(of_csv("a,b\r\n\"1,\"\"\r\n2\",-4\r\n") == Faults{});
  CHECK(records("a,b\r\n\"1,\"\"\",-4\r\n") == std::vector<std::vector<std::string>>{{"a", "b"}, {"1,\"", "-4"}});
  CHECK(of_csv("a\r\n=1\r\n") == Faults{"a field is a formula: =1"});
  CHECK(of_csv("a\r\n1,2\r\n") == Faults{"two lines have not equally many fields"});
  CHECK(of_csv("a\n") == Faults{"a line ends without CRLF", "the last line has no end"});
}
