#include "tests/mutants/results.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/mutants/files.hpp"

namespace lab::mutants {
namespace {

constexpr std::array fates = {
    std::pair{Fate::killed, "killed"},
    std::pair{Fate::proved, "proved"},
    std::pair{Fate::survived, "survived"},
    std::pair{Fate::could_not_judge, "could_not_judge"},
};

Fate fate_of(const std::string& word) {
  for (const auto& [fate, name] : fates) {
    if (word == name) return fate;
  }
  throw std::runtime_error(word + " is no fate of a mutant");
}

}  // namespace

std::string to_string(Fate fate) {
  for (const auto& [known, name] : fates) {
    if (known == fate) return name;
  }
  return "";
}

void write_results(const std::filesystem::path& path, const std::vector<Result>& results) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  for (const Result& result : results) {
    entries.push_back({{"id", result.id},
                       {"fate", to_string(result.fate)},
                       {"judge", result.kill.judge},
                       {"test", result.kill.test},
                       {"verdict", result.kill.verdict},
                       {"summary", result.summary},
                       {"seconds", result.seconds}});
  }
  const nlohmann::ordered_json file{{"schema", 1}, {"mutants", entries}};
  // What a mutant prints need not be UTF-8.
  write_file(path, file.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::vector<Result> read_results(const std::filesystem::path& path) {
  try {
    const auto file = nlohmann::json::parse(read_file(path));
    if (file.at("schema") != 1) throw std::runtime_error(path.string() + ": its schema is not 1");
    std::vector<Result> results;
    for (const auto& entry : file.at("mutants")) {
      results.push_back({entry.at("id"),
                         fate_of(entry.at("fate")),
                         {entry.at("judge"), entry.at("test"), entry.at("verdict")},
                         entry.at("summary"),
                         entry.at("seconds")});
    }
    return results;
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
}

}  // namespace lab::mutants
