#include "tests/explored/evidence.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lab::test {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string or_empty(const json& entry, const char* key) {
  return entry.at(key).is_null() ? std::string() : entry.at(key).get<std::string>();
}

json to_json(const EvidencePlace& place) {
  return {{"location", or_null(place.location)}, {"function", or_null(place.function)}};
}

EvidencePlace place_from(const json& entry) { return {or_empty(entry, "location"), or_empty(entry, "function")}; }

Evidence evidence_from(const json& entry) {
  Evidence evidence;
  entry.at("judge").get_to(evidence.judge);
  entry.at("test").get_to(evidence.test);
  entry.at("tags").get_to(evidence.tags);
  entry.at("verdict").get_to(evidence.verdict);
  entry.at("summary").get_to(evidence.summary);
  evidence.location = or_empty(entry, "location");
  evidence.function = or_empty(entry, "function");
  evidence.replay = or_empty(entry, "replay");
  entry.at("runs").get_to(evidence.runs);
  entry.at("exhaustive").get_to(evidence.exhaustive);
  entry.at("threads").get_to(evidence.threads);
  entry.at("preemptions").get_to(evidence.preemptions);
  entry.at("deviations").get_to(evidence.deviations);
  entry.at("bound").get_to(evidence.bound);
  entry.at("seconds").get_to(evidence.seconds);
  for (const json& place : entry.at("places")) evidence.places.push_back(place_from(place));
  for (const json& race : entry.at("races"))
    evidence.races.push_back({place_from(race.at("later")), place_from(race.at("earlier"))});
  return evidence;
}

}  // namespace

json to_json(const Evidence& evidence) {
  json places = json::array();
  for (const EvidencePlace& place : evidence.places) places.push_back(to_json(place));
  json races = json::array();
  for (const EvidenceRace& race : evidence.races)
    races.push_back({{"later", to_json(race.later)}, {"earlier", to_json(race.earlier)}});
  return {{"judge", evidence.judge},
          {"test", evidence.test},
          {"tags", evidence.tags},
          {"verdict", evidence.verdict},
          {"summary", evidence.summary},
          {"location", or_null(evidence.location)},
          {"function", or_null(evidence.function)},
          {"replay", or_null(evidence.replay)},
          {"runs", evidence.runs},
          {"exhaustive", evidence.exhaustive},
          {"threads", evidence.threads},
          {"preemptions", evidence.preemptions},
          {"deviations", evidence.deviations},
          {"bound", evidence.bound},
          {"seconds", evidence.seconds},
          {"places", places},
          {"races", races}};
}

std::vector<Evidence> read_evidence(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::invalid_argument("can't read " + file);
  const json all = json::parse(in);
  if (all.at("schema") != 1) throw std::invalid_argument(file + " is not of schema 1");
  std::vector<Evidence> evidence;
  for (const json& entry : all.at("evidence")) evidence.push_back(evidence_from(entry));
  return evidence;
}

void write_evidence(const std::string& file, const std::vector<Evidence>& all) {
  json entries = json::array();
  for (const Evidence& evidence : all) entries.push_back(to_json(evidence));
  const std::string beside = file + ".new" + std::to_string(::getpid());
  {
    std::ofstream out(beside);
    out << json{{"schema", 1}, {"evidence", entries}}.dump(2) << '\n';
    if (!out.flush()) throw std::runtime_error("can't write " + beside);
  }
  std::filesystem::rename(beside, file);
}

}  // namespace lab::test
