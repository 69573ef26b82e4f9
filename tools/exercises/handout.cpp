#include "tools/exercises/handout.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lab::exercises {
namespace {

using nlohmann::json;

json to_json(const Place& place) { return {{"function", place.function}, {"text", place.text}}; }

Place place_from(const json& entry) {
  return {entry.at("function").get<std::string>(), entry.at("text").get<std::string>(), ""};
}

}  // namespace

tl::expected<HandoutRaces, std::string> read_handout_races(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  HandoutRaces races;
  try {
    const json all = json::parse(in);
    if (all.at("schema") != 1) return tl::unexpected(file + " is not of schema 1");
    for (const json& race : all.at("races"))
      races.push_back({place_from(race.at("later")), place_from(race.at("earlier"))});
  } catch (const json::exception& error) {
    return tl::unexpected(file + ": " + error.what());
  }
  return races;
}

bool same_races(const HandoutRaces& a, const HandoutRaces& b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

void write_handout_races(const std::string& file, const HandoutRaces& races) {
  json entries = json::array();
  for (const RacingPair& race : races)
    entries.push_back({{"later", to_json(race.later)}, {"earlier", to_json(race.earlier)}});
  const std::string beside = file + ".new";
  {
    std::ofstream out(beside);
    out << json{{"schema", 1}, {"races", entries}}.dump(2) << '\n';
    if (!out.flush()) throw std::runtime_error("can't write " + beside);
  }
  std::filesystem::rename(beside, file);
}

}  // namespace lab::exercises
