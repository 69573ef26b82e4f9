// The conditions of tempting.hpp, and what they are tested against.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/pieces.hpp"

namespace lab::exercises {

// One finding on a copy. It refers to all of it.
struct Case {
  const std::string& exercise;
  const Finding& finding;
  const std::vector<Piece>& handout;
  const std::vector<Piece>& copy;
};

class Condition {
public:
  virtual ~Condition() = default;
  // May throw std::regex_error where a pattern takes too much.
  virtual bool holds(const Case& at) const = 0;
};

// The functions in which each exercise is mended, by its id.
using Mended = std::map<std::string, std::vector<std::string>>;

// Throws nlohmann::json::exception, std::regex_error, or std::invalid_argument with what is wrong.
std::shared_ptr<const Condition> condition_from(const nlohmann::json& entry, const Mended& mended);

}  // namespace lab::exercises
