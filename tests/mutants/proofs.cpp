#include "tests/mutants/proofs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/mutants/files.hpp"

namespace lab::mutants {

std::vector<Proof> read_proofs(const std::filesystem::path& path, const std::vector<Mutant>& mutants) {
  const auto refuse = [&](const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", path.filename().string(), what));
  };
  std::vector<Proof> proofs;
  try {
    for (const auto& entry : nlohmann::json::parse(read_file(path))) {
      proofs.push_back({entry.at("mutants").get<std::vector<std::string>>(), entry.at("proof").get<std::string>()});
    }
  } catch (const nlohmann::json::exception& error) {
    refuse(error.what());
  }
  std::map<std::string, int> times;
  for (const Proof& proof : proofs) {
    if (proof.mutants.empty()) refuse("a proof of nothing: " + proof.text);
    for (const std::string& id : proof.mutants) {
      const bool known = std::any_of(mutants.begin(), mutants.end(), [&](const Mutant& m) { return m.id == id; });
      if (!known) refuse(fmt::format("{} names no mutant", id));
      if (!proof.text.ends_with('.')) refuse(fmt::format("the proof of {} is no sentence", id));
      if (++times[id] > 1) refuse(fmt::format("{} is proved twice", id));
    }
  }
  return proofs;
}

std::map<std::string, std::string> proof_of(const std::vector<Proof>& proofs) {
  std::map<std::string, std::string> texts;
  for (const Proof& proof : proofs) {
    for (const std::string& id : proof.mutants) texts[id] = proof.text;
  }
  return texts;
}

}  // namespace lab::mutants
