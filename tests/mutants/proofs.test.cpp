#include "tests/mutants/proofs.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/mutants/files.hpp"

using namespace lab::mutants;

namespace {

std::string message_of(const std::string& json) {
  const auto path = std::filesystem::temp_directory_path() / ("proofs-" + std::to_string(::getpid()) + ".json");
  write_file(path, json);
  std::string message;
  try {
    Mutant known;
    known.id = "a/b/1";
    (void)read_proofs(path, {known});
  } catch (const std::runtime_error& error) {
    message = error.what();
    message = message.substr(message.find(": ") + 2);
  }
  std::filesystem::remove(path);
  return message;
}

}  // namespace

TEST_CASE("a proof is of mutants that there are, and each is proved once, by a sentence", "[mutants]") {
  CHECK(message_of(R"([{"mutants": ["a/b/1"], "proof": "It is."}])").empty());
  CHECK(message_of(R"([{"mutants": ["a/b/2"], "proof": "It is."}])") == "a/b/2 names no mutant");
  CHECK(message_of(R"([{"mutants": ["a/b/1", "a/b/1"], "proof": "It is."}])") == "a/b/1 is proved twice");
  CHECK(message_of(R"([{"mutants": ["a/b/1"], "proof": ""}])") == "the proof of a/b/1 is no sentence");
  CHECK(message_of(R"([{"mutants": [], "proof": "It is."}])") == "a proof of nothing: It is.");
  CHECK(message_of(R"([{"proof": "It is."}])").find("'mutants' not found") != std::string::npos);
}

TEST_CASE("the proofs are of mutants that fixed has", "[mutants]") {
  const std::filesystem::path fixed = LAB_FIXED_FOLDER;
  const std::vector<Mutant> mutants =
      mutants_of(read_source(fixed / "session_manager.hpp"), read_source(fixed / "session_manager.cpp"));
  CHECK_FALSE(read_proofs(fixed / "../tests/mutants/equivalent.json", mutants).empty());
}
