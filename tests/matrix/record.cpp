#include "tests/matrix/record.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lab::test {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Record, bug, claim, build, found, runs, preemptions, place)

void write_record(const std::string& file, const Record& record) {
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  const std::string beside = file + ".new" + std::to_string(::getpid());
  {
    std::ofstream out(beside);
    out << nlohmann::json(record).dump(2) << '\n';
    if (!out.flush()) throw std::runtime_error("can't write " + beside);
  }
  std::filesystem::rename(beside, file);
}

std::vector<Record> read_records(const std::string& folder) {
  std::vector<Record> records;
  if (!std::filesystem::exists(folder)) return records;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    try {
      std::ifstream in(entry.path());
      records.push_back(nlohmann::json::parse(in).get<Record>());
    } catch (const nlohmann::json::exception& error) {
      throw std::runtime_error(entry.path().string() + " is no record: " + error.what());
    }
  }
  std::sort(records.begin(), records.end());
  return records;
}

}  // namespace lab::test
