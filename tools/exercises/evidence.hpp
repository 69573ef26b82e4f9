// What a judge made of a claim, in the words of the lab's reports, and as a file that other programs judge by.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab::exercises {

// What generated programs are tried for, all as one claim of no exercise. The handout does not hold it.
inline constexpr const char* generated_claim = "generated programs have an order that explains them";

struct EvidencePlace {
  std::string location;  // "session_manager.cpp:57"
  std::string function;  // "Manager::update_session"
};

struct EvidenceRace {
  EvidencePlace later, earlier;  // both in the implementation, or empty
};

struct Evidence {
  std::string judge = "explorer";
  std::string test;        // the claim's name
  std::string tags;        // of the claim
  std::string verdict;     // a word of the explorer's: "assertion"
  std::string summary;     // one sentence; empty when passed
  std::string message;     // the test's own words, with which the summary begins; empty if it says none
  std::string location;    // places[0]'s, or empty
  std::string function;    // likewise
  std::string replay;      // empty when passed
  std::uint64_t runs = 0;  // until it was found, or in all
  bool exhaustive = false;
  std::uint32_t threads = 0;  // without the main one
  std::uint32_t preemptions = 0;
  std::uint32_t deviations = 0;
  std::string bound;  // what was exhausted, in words
  double seconds = 0;
  std::vector<std::string> account;  // the failing schedule in lanes, the implementation's own lines only; if asked for
  std::vector<EvidencePlace> places;  // where the failing schedule interrupts or blocks threads, and the callers
  std::vector<EvidenceRace> races;    // seen anywhere in the search, whatever the verdict
  nlohmann::json timeline =
      nullptr;  // the explorer's report with its timeline (docs/reference/timeline.md); if asked for
};

// The entry of the report's "evidence", schema 1 (judge, test, verdict, summary, location, replay, runs, exhaustive),
// and beyond the contract the other members by their names. A location that is not known is null.
nlohmann::json to_json(const Evidence& evidence);

// The other way. What an entry must have is its test, verdict, summary and races; the rest has the default above.
// Throws nlohmann::json::exception.
Evidence evidence_from_json(const nlohmann::json& entry);

// The entries of a file { "schema": 1, "evidence": [...] }. The error is a sentence: the file can't be read, or is no
// evidence.
tl::expected<std::vector<Evidence>, std::string> read_evidence(const std::string& file);

// Writes such a file, beside it first. Throws std::runtime_error.
void write_evidence(const std::string& file, const std::vector<Evidence>& all);

}  // namespace lab::exercises
