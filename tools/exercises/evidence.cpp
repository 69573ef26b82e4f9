#include "tools/exercises/evidence.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lab::exercises {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string text_at(const json& entry, const char* key) {
  const auto at = entry.find(key);
  return at == entry.end() || at->is_null() ? std::string() : at->get<std::string>();
}

template <class Value>
void get_if_there(const json& entry, const char* key, Value& value) {
  if (const auto at = entry.find(key); at != entry.end()) at->get_to(value);
}

json to_json(const EvidencePlace& place) {
  return {{"location", or_null(place.location)}, {"function", or_null(place.function)}};
}

EvidencePlace place_from(const json& entry) { return {text_at(entry, "location"), text_at(entry, "function")}; }

}  // namespace

Evidence evidence_from_json(const json& entry) {
  Evidence evidence;
  entry.at("test").get_to(evidence.test);
  entry.at("verdict").get_to(evidence.verdict);
  entry.at("summary").get_to(evidence.summary);
  for (const json& race : entry.at("races"))
    evidence.races.push_back({place_from(race.at("later")), place_from(race.at("earlier"))});
  evidence.location = text_at(entry, "location");
  evidence.function = text_at(entry, "function");
  evidence.replay = text_at(entry, "replay");
  evidence.message = text_at(entry, "message");
  get_if_there(entry, "judge", evidence.judge);
  get_if_there(entry, "tags", evidence.tags);
  get_if_there(entry, "runs", evidence.runs);
  get_if_there(entry, "exhaustive", evidence.exhaustive);
  get_if_there(entry, "threads", evidence.threads);
  get_if_there(entry, "preemptions", evidence.preemptions);
  get_if_there(entry, "deviations", evidence.deviations);
  get_if_there(entry, "bound", evidence.bound);
  get_if_there(entry, "seconds", evidence.seconds);
  get_if_there(entry, "account", evidence.account);
  get_if_there(entry, "timeline", evidence.timeline);
  if (const auto places = entry.find("places"); places != entry.end()) {
    for (const json& place : *places) evidence.places.push_back(place_from(place));
  }
  return evidence;
}

json to_json(const Evidence& evidence) {
  json places = json::array();
  for (const EvidencePlace& place : evidence.places) places.push_back(to_json(place));
  json races = json::array();
  for (const EvidenceRace& race : evidence.races)
    races.push_back({{"later", to_json(race.later)}, {"earlier", to_json(race.earlier)}});
  json entry = {{"judge", evidence.judge},
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
                {"account", evidence.account},
                {"places", places},
                {"races", races}};
  if (!evidence.message.empty()) entry["message"] = evidence.message;
  if (!evidence.timeline.is_null()) entry["timeline"] = evidence.timeline;
  return entry;
}

tl::expected<std::vector<Evidence>, std::string> read_evidence(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  std::vector<Evidence> evidence;
  try {
    const json all = json::parse(in);
    if (all.at("schema") != 1) return tl::unexpected(file + " is not of schema 1");
    for (const json& entry : all.at("evidence")) evidence.push_back(evidence_from_json(entry));
  } catch (const json::exception& error) {
    return tl::unexpected(file + ": " + error.what());
  }
  return evidence;
}

void write_evidence(const std::string& file, const std::vector<Evidence>& all) {
  json entries = json::array();
  for (const Evidence& evidence : all) entries.push_back(to_json(evidence));
  const std::string beside = file + ".new" + std::to_string(::getpid());
  {
    std::ofstream out(beside);
    out << json{{"schema", 1}, {"evidence", entries}}.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    if (!out.flush()) throw std::runtime_error("can't write " + beside);
  }
  std::filesystem::rename(beside, file);
}

}  // namespace lab::exercises
