#include "tools/grader/formats/fitted.hpp"

namespace lab::grader::formats {

using nlohmann::ordered_json;

std::string json_text(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string fitted(std::size_t bytes_max, const std::function<ordered_json(std::size_t text_bytes)>& made) {
  for (std::size_t text_bytes = std::size_t{64} << 10;; text_bytes /= 2) {
    ordered_json value = made(text_bytes);
    std::string text = json_text(value);
    if (text.size() <= bytes_max) return text;
    if (text_bytes == 0) {
      value["tests"] = ordered_json::array();
      return json_text(value);
    }
  }
}

}  // namespace lab::grader::formats
