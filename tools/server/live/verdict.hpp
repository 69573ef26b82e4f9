// What a run has shown so far, in words.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace lab::live {

// A line that a load program has printed, if it is a sample as load/main.cpp says: with numbers wherever they belong. A
// program that has a race may print anything.
std::optional<nlohmann::json> sample_in(std::string_view line);

// What is lost by one program's latest sample, or null before the first: "buggy: 3 of 80 increments lost, …". The five
// warning signs are named in the document's order, where they show; the rest if they do.
std::string verdict_on(const std::string& program, const nlohmann::json& sample);

}  // namespace lab::live
