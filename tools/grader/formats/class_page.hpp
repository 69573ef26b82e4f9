// A class as a page for people: how the points lie, which exercise and which claim fail most, who passed what, whom to
// grade again, and what an earlier run had found. As page.hpp: one file, no script, nothing loaded.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lab::grader::formats {

struct ClassPageOptions {
  std::string title = "A class";
};

std::string class_page(const std::vector<nlohmann::json>& reports, const ClassPageOptions& options = {});

std::string class_page(const std::vector<nlohmann::json>& reports, const std::vector<nlohmann::json>& before,
                       const ClassPageOptions& options = {});

}  // namespace lab::grader::formats
