// How long a submission may take: measured on `fixed`, on the machine that judges.
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

namespace lab::grader {

// Wall time of one process of each kind. The processor time may be twice that, for two threads.
struct Limits {
  std::chrono::milliseconds explored = std::chrono::seconds(60);    // one claim under the explorer
  std::chrono::milliseconds one_thread = std::chrono::seconds(20);  // the gate, or one claim of the suite
  std::chrono::milliseconds model = std::chrono::seconds(120);      // the generated programs
  std::chrono::milliseconds threads = std::chrono::seconds(60);     // all claims with real threads
};

// What `fixed` took at most of each.
struct Measured {
  double explored = 0, one_thread = 0, model = 0, threads = 0;  // seconds

  void raise_to(const Measured& other);
};

// Ten times as long, for a submission may be slower, and a machine busier than when it was measured; and half a minute
// at least, for there a start alone may take seconds. Whoever loops for ever costs that once a claim.
Limits limits_from(const Measured& taken);

// The file that remembers what was taken, for this key: a lab, on a kind of machine.
std::optional<Measured> read_measured(const std::filesystem::path& file, const std::string& key);
void write_measured(const std::filesystem::path& file, const std::string& key, const Measured& taken);

}  // namespace lab::grader
