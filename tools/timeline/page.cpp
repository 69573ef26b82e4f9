#include "tools/timeline/page.hpp"

#include <stdexcept>

#include "tools/timeline/assets.hpp"

namespace lab::timeline {
namespace {

using nlohmann::json;

// JSON that can stand in a script element: without <, nothing in it can end the element or begin a comment. Within
// JSON a < stands in strings only, where its escape means the same. Bytes that are no UTF-8 become a mark.
std::string embedded(const json& data) {
  const std::string text = data.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

// As text between tags; bytes that are no UTF-8 become a mark, as in the data.
std::string as_text(const json& string) {
  std::string text;
  if (string.is_string()) text = json::parse(string.dump(-1, ' ', false, json::error_handler_t::replace));
  std::string safe;
  for (const char c : text) {
    if (c == '<') {
      safe += "&lt;";
    } else if (c == '&') {
      safe += "&amp;";
    } else {
      safe += c;
    }
  }
  return safe;
}

// Puts the text in the place of the marker, which stands in the template once.
void put(std::string& page, std::string_view marker, std::string_view text) {
  const std::size_t at = page.find(marker);
  if (at == std::string::npos) throw std::logic_error("the page's template has no marker " + std::string(marker));
  page.replace(at, marker.size(), text);
}

}  // namespace

tl::expected<std::string, std::string> page(const json& report, const std::vector<Beside>& beside) {
  const auto timeline = report.find("timeline");
  if (timeline == report.end() || !timeline->is_object())
    return tl::unexpected(std::string("the report has no timeline: write it with --timeline"));
  if (timeline->value("schema", json()) != 1)
    return tl::unexpected(std::string("the report's timeline is not of schema 1: write it and the page with one lab"));
  json data = report;
  data.erase("steps");  // the timeline has its own
  data["beside"] = json::array();
  for (const Beside& one : beside) data["beside"].push_back({{"file", one.file}, {"text", one.text}});

  const Assets parts = assets();
  std::string text(parts.page);
  // From the end to the beginning, so that no marker is looked for in what was put in.
  put(text, "@script@", parts.script);
  put(text, "@data@", embedded(data));
  const std::string replay = as_text(timeline->value("replay", json()));
  put(text, "@replay@", replay.empty() ? "" : " Or have the same run as text: <code>" + replay + "</code>");
  put(text, "@title@", as_text(timeline->value("title", json())));
  put(text, "@style@", parts.style);
  put(text, "@script-hash@", parts.script_hash);
  put(text, "@style-hash@", parts.style_hash);
  return text;
}

}  // namespace lab::timeline
