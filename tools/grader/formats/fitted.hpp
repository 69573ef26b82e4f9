// JSON text that keeps to a limit.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

// Of a name that a grading platform shows in a line; longer ones are no names.
constexpr std::size_t name_bytes_max = 300;

// The text of what `made` gives for the greatest length of a text, in bytes, with which it keeps to `bytes_max`;
// lengths are tried from 64 KiB down by halves. If even the length 0 is too long, the list called `tests` is left
// empty, which `made` must keep within the limit by cutting its other texts.
std::string fitted(std::size_t bytes_max, const std::function<nlohmann::ordered_json(std::size_t text_bytes)>& made);

// As text, indented by two; bytes that are no UTF-8 are replaced.
std::string json_text(const nlohmann::ordered_json& value);

}  // namespace lab::grader::formats
