#include "tools/grader/formats/page.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

std::string made(const json& report) {
  std::string text = page(report);
  CHECK(faults::of_html(text) == faults::Faults{});
  return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a page shows points, verdicts, claims, places, schedules, commands, warnings and judges") {
  const std::string text = made(samples::whole());
  CHECK(has(text, "<title>alice.zip: 72 of 100 points</title>"));
  CHECK(has(text, "<h1>alice.zip</h1>"));
  CHECK(has(text, "<strong>72 of 100 points</strong>"));
  CHECK(has(text, "<a href=\"#exercise-9\">09 Deadlock</a>"));
  CHECK(has(text, "<dt>Expected</dt><dd>two tabs that merge the same two sessions both get an answer</dd>"));
  CHECK(has(text, "<dt>Where</dt><dd><code>session_manager.cpp:112</code></dd>"));
  CHECK(has(text, "<code>./lab grade SUBMISSION --replay 01.1/1:2x7.1x12.2x31</code>"));
  CHECK(has(text, "\n      thread 1                                        thread 2\n"));
  CHECK(has(text, "WARNING: ThreadSanitizer: data race"));
  CHECK(has(text, "shown, not scored"));
  CHECK(has(text, "unused variable ‘guard’"));
  CHECK(has(text, "ThreadSanitizer does not start here"));
  CHECK(has(text, "Mended by the repair of exercise 01."));
  CHECK(has(text, "held on the handout and fails now"));
}

TEST_CASE("a page says whose fault it is that something could not be judged, and shows no zero") {
  const std::string text = made(samples::small_unjudged());
  CHECK(has(text, "<strong>No points yet</strong>"));
  CHECK(has(text, "This submission could not be judged. This is a fault of the grader or of its machine"));
  CHECK(has(text, "The explorer ended early."));
  CHECK_FALSE(has(text, "0 of 8"));
  CHECK_FALSE(has(text, "0 of 16"));
}

TEST_CASE("text of a submission comes out of a page as text") {
  json report = samples::small();
  report["subject"] = "</title><script>alert(1)</script>";
  report["exercises"][0]["evidence"][0]["account"] = {"]]></pre><script>"};
  report["exercises"][0]["id"] = "\" onclick=\"alert(1)";
  const std::string text = made(report);
  CHECK_FALSE(has(text, "<script"));
  CHECK(has(text, "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("a page leads to the timeline of a schedule that fails, and to nothing elsewhere") {
  json report = samples::whole();
  const auto with = [&](const json& link) {
    for (json& exercise : report["exercises"])
      for (json& evidence : exercise["evidence"]) evidence["timeline"] = link;
    return page(report);
  };
  // The checker of pages wants links to stay in them; this one leads to a file beside it.
  CHECK(has(with("pages/01-1.html"), "<a href=\"pages/01-1.html\">Step through the schedule in which it happens</a>"));
  for (const json& link :
       {json("javascript:alert(1)"), json("//elsewhere"), json("/etc/passwd"), json::object(), json(7)})
    CHECK(faults::of_html(with(link)) == faults::Faults{});
}

TEST_CASE("a command to copy is one word, whatever the replay string holds") {
  json report = samples::small();
  report["exercises"][0]["evidence"][0]["replay"] = "1; rm -r x";
  CHECK(has(made(report), "<code>./lab grade SUBMISSION --replay '1; rm -r x'</code>"));
}

TEST_CASE("a report of nothing is a page") {
  CHECK(has(made(json()), "<h1>A submission</h1>"));
  CHECK(has(made(json::object()), "could not be judged"));
}
