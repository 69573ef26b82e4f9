#include "tests/grader/formats/faults.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <sstream>

namespace lab::grader::formats::faults {
namespace {

using nlohmann::json;

// A kind of value, by what is wrong with it; nullptr: nothing.
using Kind = std::function<const char*(const json&)>;

const char* a_string(const json& value) { return value.is_string() ? nullptr : "is no string"; }
const char* a_number(const json& value) {
  return value.is_number() && std::isfinite(value.get<double>()) ? nullptr : "is no number";
}
const char* an_integer(const json& value) { return value.is_number_integer() ? nullptr : "is no integer"; }
const char* a_flag(const json& value) { return value.is_boolean() ? nullptr : "is neither true nor false"; }
const char* an_object(const json& value) { return value.is_object() ? nullptr : "is no object"; }
const char* an_array(const json& value) { return value.is_array() ? nullptr : "is no list"; }
const char* from_one(const json& value) {
  return value.is_number_integer() && value.get<std::int64_t>() >= 1 ? nullptr : "is no integer from 1";
}
const char* strings(const json& value) {
  if (!value.is_array()) return "is no list";
  for (const json& one : value) {
    if (!one.is_string()) return "is no list of strings";
  }
  return nullptr;
}
Kind one_of(std::set<std::string> words) {
  return [words = std::move(words)](const json& value) {
    return value.is_string() && words.count(value.get<std::string>()) == 1 ? nullptr : "is none of the words allowed";
  };
}
const char* an_address(const json& value) {
  if (!value.is_string()) return "is no address";
  const std::string& text = value.get_ref<const std::string&>();
  const auto is_hex = [&](std::size_t at) {
    return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at]));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool plain = std::isalnum(static_cast<unsigned char>(text[i])) ||
                       std::string("-._~/:?#@!$&'()*+,;=").find(text[i]) != std::string::npos;
    if (!plain && !(text[i] == '%' && is_hex(i + 1) && is_hex(i + 2))) return "is no address";
  }
  return nullptr;
}
const char* an_absolute_address(const json& value) {
  if (const char* fault = an_address(value)) return fault;
  return value.get<std::string>().find("://") == std::string::npos ? "is no absolute address" : nullptr;
}

using Fields = std::map<std::string, Kind>;

void check(Faults& faults, const std::string& where, const json& object, const Fields& fields,
           const std::vector<std::string>& required = {}) {
  if (!object.is_object()) {
    faults.push_back(where + " is no object");
    return;
  }
  for (const std::string& name : required) {
    if (!object.contains(name)) faults.push_back(fmt::format("{} has no {}", where, name));
  }
  for (const auto& [name, value] : object.items()) {
    const auto kind = fields.find(name);
    if (kind == fields.end()) {
      faults.push_back(fmt::format("{} has an unknown {}", where, name));
    } else if (const char* fault = kind->second(value)) {
      faults.push_back(fmt::format("{} of {} {}", name, where, fault));
    }
  }
}

// Null if it is no JSON, and then says so.
json parsed(Faults& faults, const std::string& text, std::size_t bytes_max) {
  if (text.size() > bytes_max) faults.push_back(fmt::format("the file has {} bytes", text.size()));
  json read = json::parse(text, nullptr, false);
  if (read.is_discarded()) {
    faults.push_back("the file is no JSON");
    return nullptr;
  }
  return read;
}

const Kind visibility = one_of({"visible", "hidden", "after_due_date", "after_published"});
const Kind format = one_of({"text", "html", "simple_format", "md", "ansi"});

// The name of a JUnit element, its attributes, with "!" before the required ones, and its children; "#" is text.
struct Element {
  std::set<std::string> attributes;
  std::set<std::string> children;
};

const std::map<std::string, Element>& junit_elements() {
  static const std::map<std::string, Element> all{
      {"testsuites", {{"name", "time", "tests", "failures", "errors"}, {"testsuite"}}},
      {"testsuite",
       {{"!name", "!tests", "!failures", "!errors", "group", "time", "skipped", "timestamp", "hostname", "id",
         "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"}}},
      {"properties", {{}, {"property"}}},
      {"property", {{"!name", "!value"}, {}}},
      {"testcase",
       {{"!name", "time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}}},
      {"failure", {{"type", "message"}, {"#"}}},
      {"error", {{"type", "message"}, {"#"}}},
      {"skipped", {{"type", "message"}, {"#"}}},
      {"system-out", {{}, {"#"}}},
      {"system-err", {{}, {"#"}}},
  };
  return all;
}

void check_junit(Faults& faults, const pugi::xml_node& node) {
  const auto known = junit_elements().find(node.name());
  if (known == junit_elements().end()) {
    faults.push_back(fmt::format("there is a <{}>", node.name()));
    return;
  }
  std::set<std::string> required;
  std::set<std::string> allowed;
  for (const std::string& name : known->second.attributes) {
    const std::string plain = name[0] == '!' ? name.substr(1) : name;
    allowed.insert(plain);
    if (name[0] == '!') required.insert(plain);
  }
  for (const pugi::xml_attribute& one : node.attributes()) {
    if (allowed.count(one.name()) == 0) faults.push_back(fmt::format("<{}> has a {}", node.name(), one.name()));
    required.erase(one.name());
  }
  for (const std::string& name : required) faults.push_back(fmt::format("<{}> has no {}", node.name(), name));
  for (const pugi::xml_node& child : node.children()) {
    const bool is_text = child.type() != pugi::node_element;
    if (known->second.children.count(is_text ? "#" : child.name()) == 0) {
      faults.push_back(fmt::format("<{}> holds {}", node.name(), is_text ? "text" : child.name()));
    }
    if (!is_text) check_junit(faults, child);
  }
}

std::size_t count(const pugi::xml_node& suite, const char* kind) {
  std::size_t found = 0;
  for (const pugi::xml_node& test : suite.children("testcase")) {
    if (*kind == '\0' || test.child(kind)) ++found;
  }
  return found;
}

void check_count(Faults& faults, const pugi::xml_node& node, const char* attribute, std::size_t counted) {
  if (node.attribute(attribute).as_ullong() != counted) {
    faults.push_back(fmt::format("{} of <{}> is {} where {} are", attribute, node.name(),
                                 node.attribute(attribute).value(), counted));
  }
}

void check_location(Faults& faults, const json& location) {
  check(faults, "a location", location, {{"physicalLocation", an_object}}, {"physicalLocation"});
  const json& place = location.value("physicalLocation", json::object());
  check(faults, "a physicalLocation", place, {{"artifactLocation", an_object}, {"region", an_object}},
        {"artifactLocation"});
  const json& file = place.value("artifactLocation", json::object());
  check(faults, "an artifactLocation", file, {{"uri", an_address}}, {"uri"});
  const std::string uri = file.value("uri", "");
  if (uri.empty() || uri[0] == '/' || uri.find(':') != std::string::npos) faults.push_back("a uri is not relative");
  if (place.contains("region")) {
    check(faults, "a region", place["region"], {{"startLine", from_one}, {"startColumn", from_one}}, {"startLine"});
  }
}

void check_message(Faults& faults, const json& message) {
  check(faults, "a message", message, {{"text", a_string}}, {"text"});
}

const Kind level = one_of({"none", "note", "warning", "error"});

void check_rule(Faults& faults, const json& rule) {
  check(faults, "a rule", rule,
        {{"id", a_string},
         {"name", a_string},
         {"shortDescription", an_object},
         {"help", an_object},
         {"helpUri", an_absolute_address},
         {"defaultConfiguration", an_object}},
        {"id"});
  for (const char* name : {"shortDescription", "help"}) {
    if (rule.contains(name)) check_message(faults, rule[name]);
  }
  if (rule.contains("defaultConfiguration")) {
    check(faults, "a defaultConfiguration", rule["defaultConfiguration"], {{"level", level}});
  }
}

void check_result(Faults& faults, const json& result, const json& rules) {
  check(faults, "a result", result,
        {{"ruleId", a_string},
         {"ruleIndex", an_integer},
         {"level", level},
         {"message", an_object},
         {"locations", an_array},
         {"partialFingerprints", an_object},
         {"properties", an_object}},
        {"message", "ruleId", "ruleIndex"});
  check_message(faults, result.value("message", json()));
  for (const json& one : result.value("locations", json::array())) check_location(faults, one);
  const std::size_t index = result.value("ruleIndex", std::size_t{0});
  if (index >= rules.size() || rules[index].value("id", "") != result.value("ruleId", "?")) {
    faults.push_back("a ruleIndex names another rule than the ruleId");
  }
}

const std::set<std::string> void_elements{"meta", "rect", "line"};

void check_html(Faults& faults, const pugi::xml_node& node, std::set<std::string>& ids, std::set<std::string>& links,
                int& heading) {
  static const std::set<std::string> elements{
      "html",    "head", "meta", "title", "style", "body", "main", "header", "footer", "section",
      "article", "div",  "p",    "h1",    "h2",    "h3",   "h4",   "span",   "strong", "a",
      "code",    "pre",  "ul",   "li",    "dl",    "dt",   "dd",   "table",  "thead",  "tbody",
      "tr",      "th",   "td",   "svg",   "rect",  "text", "line"};
  static const std::set<std::string> attributes{"lang",
                                                "charset",
                                                "http-equiv",
                                                "content",
                                                "name",
                                                "class",
                                                "id",
                                                "href",
                                                "scope",
                                                "role",
                                                "tabindex",
                                                "aria-label",
                                                "aria-labelledby",
                                                "aria-hidden",
                                                "viewBox",
                                                "preserveAspectRatio",
                                                "width",
                                                "height",
                                                "rx",
                                                "x",
                                                "y",
                                                "x1",
                                                "x2",
                                                "y1",
                                                "y2",
                                                "text-anchor"};
  const std::string name = node.name();
  if (elements.count(name) == 0) faults.push_back(fmt::format("there is a <{}>", name));
  for (const pugi::xml_attribute& one : node.attributes()) {
    if (attributes.count(one.name()) == 0) faults.push_back(fmt::format("<{}> has a {}", name, one.name()));
  }
  if (const pugi::xml_attribute id = node.attribute("id"); id && !ids.insert(id.value()).second) {
    faults.push_back(fmt::format("the id {} is there twice", id.value()));
  }
  if (const pugi::xml_attribute label = node.attribute("aria-labelledby")) links.insert(label.value());
  if (const pugi::xml_attribute href = node.attribute("href")) {
    if (href.value()[0] != '#') faults.push_back("a link leads out of the page");
    links.insert(href.value() + 1);
  }
  if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
    const int now = name[1] - '0';
    if (now > heading + 1) faults.push_back(fmt::format("<{}> comes after a heading of level {}", name, heading));
    heading = now;
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) check_html(faults, child, ids, links, heading);
  }
}

// HTML takes <p/> for the beginning of a <p>. The tree does not tell it from <p></p>, so this looks at the text, in
// which
// "<" begins a tag wherever it stands.
void check_empty(Faults& faults, const std::string& tree) {
  for (std::size_t at = tree.find('<'); at != std::string::npos; at = tree.find('<', at + 1)) {
    const std::string name = tree.substr(at + 1, tree.find_first_of(" />", at + 1) - at - 1);
    bool in_quotes = false;
    std::size_t end = at + 1;
    for (; end < tree.size() && (in_quotes || tree[end] != '>'); ++end) {
      if (tree[end] == '"') in_quotes = !in_quotes;
    }
    if (tree[end - 1] == '/' && void_elements.count(name) == 0) faults.push_back(fmt::format("<{}> is empty", name));
  }
}

}  // namespace

Faults of_gradescope(const std::string& text) {
  Faults faults;
  const json read = parsed(faults, text, 1'000'000);
  if (read.is_null()) return faults;
  check(faults, "the file", read,
        {{"score", a_number},
         {"execution_time", an_integer},
         {"output", a_string},
         {"output_format", format},
         {"test_output_format", format},
         {"test_name_format", format},
         {"visibility", visibility},
         {"stdout_visibility", visibility},
         {"extra_data", an_object},
         {"tests", an_array}});
  for (const json& test : read.value("tests", json::array())) {
    check(faults, "a test", test,
          {{"score", a_number},
           {"max_score", a_number},
           {"status", one_of({"passed", "failed"})},
           {"name", a_string},
           {"name_format", format},
           {"number", a_string},
           {"output", a_string},
           {"output_format", format},
           {"tags", strings},
           {"visibility", visibility},
           {"extra_data", an_object}});
    for (const char* name : {"score", "status"}) {
      if (test.contains(name) && !read.contains("score")) {
        faults.push_back(fmt::format("a test has a {} where the whole has no score", name));
      }
    }
  }
  return faults;
}

Faults of_prairielearn(const std::string& text) {
  Faults faults;
  const json read = parsed(faults, text, 1'000'000);
  if (read.is_null()) return faults;
  check(faults, "the file", read,
        {{"gradable", a_flag},
         {"score", a_number},
         {"message", a_string},
         {"output", a_string},
         {"format_errors", strings},
         {"tests", an_array}});
  const bool gradable = read.value("gradable", true);
  if (gradable != read.contains("score")) faults.push_back("gradable and score contradict each other");
  if (gradable && !(read.value("score", -1.0) >= 0 && read.value("score", -1.0) <= 1)) {
    faults.push_back("score is not from 0 to 1");
  }
  for (const json& test : read.value("tests", json::array())) {
    check(faults, "a test", test,
          {{"name", a_string},
           {"description", a_string},
           {"points", a_number},
           {"max_points", a_number},
           {"message", a_string},
           {"output", a_string}},
          {"name"});
  }
  return faults;
}

Faults of_autolab(const std::string& text) {
  Faults faults;
  const json read = parsed(faults, text, 1'000'000);
  if (read.is_null()) return faults;
  if (text.empty() || text.find('\n') != text.size() - 1) faults.push_back("it is not one line");
  check(faults, "the line", read, {{"scores", an_object}}, {"scores"});
  const json scores = read.value("scores", json::object());
  if (scores.empty()) faults.push_back("scores is empty");
  for (const auto& [name, score] : scores.items()) {
    if (!score.is_null() && a_number(score) != nullptr)
      faults.push_back(fmt::format("the score of {} is no number", name));
  }
  if (std::regex_search(text, std::regex("[a-zA-Z0-9]:"))) faults.push_back("a word stands before a colon");
  return faults;
}

Faults of_junit(const std::string& text) {
  Faults faults;
  pugi::xml_document document;
  if (const auto read = document.load_buffer(text.data(), text.size()); !read) {
    return {fmt::format("the file is no XML: {} at {}", read.description(), read.offset)};
  }
  const pugi::xml_node root = document.document_element();
  if (std::string(root.name()) != "testsuites") faults.push_back("the root is no <testsuites>");
  check_junit(faults, root);
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  for (const pugi::xml_node& suite : root.children("testsuite")) {
    check_count(faults, suite, "tests", count(suite, ""));
    check_count(faults, suite, "failures", count(suite, "failure"));
    check_count(faults, suite, "errors", count(suite, "error"));
    check_count(faults, suite, "skipped", count(suite, "skipped"));
    tests += count(suite, "");
    failures += count(suite, "failure");
    errors += count(suite, "error");
  }
  check_count(faults, root, "tests", tests);
  check_count(faults, root, "failures", failures);
  check_count(faults, root, "errors", errors);
  static const std::regex seconds("[0-9]*\\.[0-9]{3}");
  if (!std::regex_match(root.attribute("time").value(), seconds)) faults.push_back("time is no number of seconds");
  return faults;
}

Faults of_sarif(const std::string& text) {
  Faults faults;
  const json read = parsed(faults, text, 10'000'000);
  if (read.is_null()) return faults;
  check(faults, "the log", read, {{"$schema", an_absolute_address}, {"version", one_of({"2.1.0"})}, {"runs", an_array}},
        {"version", "runs"});
  for (const json& run : read.value("runs", json::array())) {
    check(faults, "a run", run,
          {{"tool", an_object},
           {"invocations", an_array},
           {"results", an_array},
           {"columnKind", one_of({"utf16CodeUnits", "unicodeCodePoints"})}},
          {"tool"});
    const json tool = run.value("tool", json::object());
    check(faults, "the tool", tool, {{"driver", an_object}}, {"driver"});
    const json driver = tool.value("driver", json::object());
    check(faults, "the driver", driver, {{"name", a_string}, {"rules", an_array}}, {"name"});
    const json rules = driver.value("rules", json::array());
    std::set<std::string> ids;
    for (const json& rule : rules) {
      check_rule(faults, rule);
      if (!ids.insert(rule.value("id", "")).second) faults.push_back("two rules have one id");
    }
    for (const json& one : run.value("invocations", json::array())) {
      check(faults, "an invocation", one, {{"executionSuccessful", a_flag}, {"toolExecutionNotifications", an_array}},
            {"executionSuccessful"});
      for (const json& each : one.value("toolExecutionNotifications", json::array())) {
        check(faults, "a notification", each, {{"level", level}, {"message", an_object}}, {"message"});
        check_message(faults, each.value("message", json()));
      }
    }
    for (const json& result : run.value("results", json::array())) check_result(faults, result, rules);
  }
  return faults;
}

Faults of_html(const std::string& text) {
  Faults faults;
  const std::string doctype = "<!DOCTYPE html>\n";
  if (text.compare(0, doctype.size(), doctype) != 0) return {"it does not begin with the doctype"};
  const std::string tree = text.substr(doctype.size());
  pugi::xml_document document;
  const auto read = document.load_buffer(tree.data(), tree.size());
  if (!read) return {fmt::format("the page is no XML: {} at {}", read.description(), read.offset)};
  std::set<std::string> ids;
  std::set<std::string> links;
  int heading = 0;
  check_html(faults, document.document_element(), ids, links, heading);
  check_empty(faults, tree);
  for (const std::string& link : links) {
    if (ids.count(link) == 0) faults.push_back(fmt::format("nothing has the id {}", link));
  }
  const pugi::xml_node head = document.document_element().child("head");
  const pugi::xml_node policy = head.first_child().next_sibling();
  if (std::string(policy.attribute("http-equiv").value()) != "Content-Security-Policy" ||
      std::string(policy.attribute("content").value()).find("default-src 'none'") == std::string::npos) {
    faults.push_back("no policy that forbids scripts comes first");
  }
  return faults;
}

std::vector<std::vector<std::string>> records(const std::string& csv) {
  std::vector<std::vector<std::string>> all;
  std::vector<std::string> fields(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (in_quotes) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        fields.back() += csv[++i];
      } else {
        in_quotes = false;
      }
    } else if (c == '"') {
      in_quotes = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      all.push_back(std::move(fields));
      fields.assign(1, "");
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return all;
}

Faults of_csv(const std::string& text) {
  Faults faults;
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (!in_quotes && (text[i] == '\n') != (i > 0 && text[i - 1] == '\r')) faults.push_back("a line ends without CRLF");
  }
  if (in_quotes) faults.push_back("quotes are not balanced");
  if (text.size() < 2 || text.compare(text.size() - 2, 2, "\r\n") != 0) faults.push_back("the last line has no end");
  const auto all = records(text);
  static const std::regex number("-?[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?");
  for (const std::vector<std::string>& record : all) {
    if (record.size() != all.front().size()) faults.push_back("two lines have not equally many fields");
    for (const std::string& field : record) {
      if (field.find_first_of("=+-@\t\r") == 0 && !std::regex_match(field, number)) {
        faults.push_back("a field is a formula: " + field.substr(0, 20));
      }
    }
  }
  return faults;
}

}  // namespace lab::grader::formats::faults
