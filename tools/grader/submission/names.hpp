// Names that a student, or somebody worse, has chosen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::grader {

// The name for a sentence: in quotes, shortened, and in ASCII, with all else written as in JSON.
std::string in_quotes(std::string_view name);

// What is wrong with the name of an archive's entry, as the rest of a sentence that begins with it; empty: nothing.
std::string fault_of_name(std::string_view name);

// The parts between slashes, without those that say nothing.
std::vector<std::string> parts_of(std::string_view name);

// Whether the part is what systems add beside what people pack.
bool is_litter(std::string_view part);

}  // namespace lab::grader
