#include "tools/lab/progress.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/lab/files.hpp"

namespace lab::cli {

using nlohmann::json;

namespace {

template <class Part>
void read(const json& all, const char* name, Part& part) {
  try {
    part = all.at(name).get<Part>();
  } catch (const json::exception&) {
  }
}

}  // namespace

Progress::Progress(std::filesystem::path folder) : file_(std::move(folder) / "progress.json") {
  std::ifstream in(file_);
  const json all = json::parse(in, nullptr, false);
  if (!all.is_object() || all.value("schema", json()) != 1) return;
  // Each part for itself: whatever else somebody wrote there.
  read(all, "verdicts", verdicts_);
  std::map<std::string, std::int64_t> hints;
  read(all, "hints", hints);
  for (const auto& [exercise, seen] : hints) hints_[exercise] = seen < 0 ? 0 : static_cast<std::size_t>(seen);
}

std::string Progress::verdict(const std::string& exercise) const {
  const auto at = verdicts_.find(exercise);
  return at == verdicts_.end() ? "" : at->second;
}

std::size_t Progress::hints(const std::string& exercise) const {
  const auto at = hints_.find(exercise);
  return at == hints_.end() ? 0 : at->second;
}

void Progress::save() const {
  const auto written = write_json(file_, {{"schema", 1}, {"verdicts", verdicts_}, {"hints", hints_}});
  if (!written) fmt::print(stderr, "lab: where you stand is not kept: {}\n", written.error());
}

}  // namespace lab::cli
