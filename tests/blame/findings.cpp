#include "findings.hpp"

#include <cctype>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

namespace lab::exercises {
namespace {

using nlohmann::json;
using Lines = std::vector<std::string>;

std::string or_empty(const json& entry, const char* key) {
  return entry.at(key).is_null() ? std::string() : entry.at(key).get<std::string>();
}

// The number after the last colon; 0 if there is none.
std::size_t line_number(const std::string& location) {
  std::size_t number = 0;
  const std::size_t colon = location.rfind(':');
  if (colon == std::string::npos) return 0;
  (void)std::from_chars(location.data() + colon + 1, location.data() + location.size(), number);
  return number;
}

Place place_from(const json& entry, const Lines& lines) {
  Place place{or_empty(entry, "function"), "", or_empty(entry, "location")};
  const std::size_t number = line_number(place.location);
  if (number > 0 && number <= lines.size()) place.text = line_text(lines[number - 1]);
  return place;
}

Finding finding_from(const json& entry, const Lines& lines) {
  Finding finding;
  entry.at("test").get_to(finding.claim);
  entry.at("verdict").get_to(finding.verdict);
  entry.at("summary").get_to(finding.summary);
  finding.location = or_empty(entry, "location");
  for (const json& race : entry.at("races"))
    finding.races.push_back({place_from(race.at("later"), lines), place_from(race.at("earlier"), lines)});
  return finding;
}

}  // namespace

std::string line_text(const std::string& line) {
  std::string text;
  bool space = false;
  for (const char c : line.substr(0, line.find("//"))) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = !text.empty();
      continue;
    }
    if (space) text += ' ';
    space = false;
    text += c;
  }
  return text;
}

tl::expected<std::vector<Finding>, std::string> read_findings(const std::string& file, const std::string& source) {
  std::ifstream source_in(source);
  if (!source_in) return tl::unexpected("can't read " + source);
  Lines lines;
  for (std::string line; std::getline(source_in, line);) lines.push_back(line);

  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  std::vector<Finding> findings;
  try {
    const json all = json::parse(in);
    if (all.at("schema") != 1) return tl::unexpected(file + " is not of schema 1");
    for (const json& entry : all.at("evidence")) findings.push_back(finding_from(entry, lines));
  } catch (const json::exception& error) {
    return tl::unexpected(file + ": " + error.what());
  }
  return findings;
}

}  // namespace lab::exercises
