// The document's samples, run against whichever implementation is linked: each a number that says how much of
// the work is still there, and what it should be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lab::demo {

struct Sample {
  std::string id;              // a word for the JSON
  std::string title;           // a line of the table
  std::string unit;            // of the number
  bool as_documented = false;  // exactly as the document writes it; the others let the loss show
  bool at_most = false;        // expected is an upper bound
  std::int64_t expected = 0;
  std::int64_t (*run)() = nullptr;  // one round, on a manager of its own
};

// In the order of the document.
const std::vector<Sample>& samples();

// Whether `value` says that nothing was lost.
bool is_right(const Sample& sample, std::int64_t value);

}  // namespace lab::demo
