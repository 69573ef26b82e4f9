#include "tools/grader/judging/limits.hpp"

#include <algorithm>
#include <fstream>

namespace lab::grader {

using nlohmann::json;

void Measured::raise_to(const Measured& other) {
  explored = std::max(explored, other.explored);
  one_thread = std::max(one_thread, other.one_thread);
  model = std::max(model, other.model);
  threads = std::max(threads, other.threads);
}

Limits limits_from(const Measured& taken) {
  constexpr double factor = 10, seconds_min = 30;
  const auto limit = [&](double seconds) {
    return std::chrono::milliseconds(static_cast<long>(1000 * std::max(seconds_min, factor * seconds)));
  };
  return {limit(taken.explored), limit(taken.one_thread), limit(taken.model), limit(taken.threads)};
}

std::optional<Measured> read_measured(const std::filesystem::path& file, const std::string& key) {
  std::ifstream in(file);
  const json all = json::parse(in, nullptr, false);
  const auto is = [&](const char* member, const json& value) {
    const auto at = all.find(member);
    return at != all.end() && *at == value;
  };
  if (!all.is_object() || !is("schema", 1) || !is("key", key)) return std::nullopt;
  Measured taken;
  for (const auto& [name, member] :
       {std::pair{"explored", &Measured::explored}, std::pair{"one_thread", &Measured::one_thread},
        std::pair{"model", &Measured::model}, std::pair{"threads", &Measured::threads}}) {
    const auto value = all.find(name);
    if (value == all.end() || !value->is_number() || value->get<double>() <= 0) return std::nullopt;
    taken.*member = value->get<double>();
  }
  return taken;
}

void write_measured(const std::filesystem::path& file, const std::string& key, const Measured& taken) {
  std::filesystem::create_directories(file.parent_path());
  const std::filesystem::path beside = file.string() + ".new";
  std::ofstream(beside) << json{{"schema", 1},
                                {"key", key},
                                {"explored", taken.explored},
                                {"one_thread", taken.one_thread},
                                {"model", taken.model},
                                {"threads", taken.threads}}
                               .dump(2)
                        << '\n';
  std::filesystem::rename(beside, file);
}

}  // namespace lab::grader
