// Reports for the tests: whole ones that look like the grader's, and random ones that wish it ill.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace lab::grader::formats::samples {

// Two exercises, short enough for a golden text: 01 failed with 4 of 8 points, 02 passed with 8.
nlohmann::json small();

// The same, but 02 could not be judged, nor the whole.
nlohmann::json small_unjudged();

// Twelve exercises, of every verdict, with accounts, warnings and a report by ThreadSanitizer.
nlohmann::json whole();

// A report of any shape that the schema allows, with texts that attack each format, and now and then a field that is
// missing or of a wrong type. Its points add up, and `verdict` follows from the exercises'.
nlohmann::json hostile(std::mt19937_64& random);

// A text of the same kind.
std::string hostile_text(std::mt19937_64& random);

}  // namespace lab::grader::formats::samples
