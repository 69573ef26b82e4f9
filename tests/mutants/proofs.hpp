// equivalent.json: the mutants that no client of the interface can tell from `fixed`, each with the reason.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {

struct Proof {
  std::vector<std::string> mutants;  // ids
  std::string text;                  // full sentences
};

// Throws std::runtime_error for a file that is not of the form, an empty proof, an id that names no mutant, and an id
// that is proved twice: a proof must not outlive what it is about.
std::vector<Proof> read_proofs(const std::filesystem::path& path, const std::vector<Mutant>& mutants);

// By id.
std::map<std::string, std::string> proof_of(const std::vector<Proof>& proofs);

}  // namespace lab::mutants
