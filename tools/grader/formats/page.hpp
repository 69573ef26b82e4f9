// A report as a page for people, in one file: for a student, who wants to know what went wrong and where, and for who
// explains it to her. No script, nothing loaded; light and dark, on a phone and on paper.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

std::string page(const nlohmann::json& report);

}  // namespace lab::grader::formats
