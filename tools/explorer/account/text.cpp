#include "tools/explorer/account/text.hpp"

#include <algorithm>
#include <cstdint>

namespace lab::explorer {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u; }

// The length of the well-formed sequence that the text begins with (Unicode, table 3-7); 0 if it is ill-formed.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (at(1) < least || at(1) > most) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (at(i) < 0x80 || at(i) > 0xbf) return 0;
  return length;
}

// U+0080 to U+009F: a terminal may take them for the beginning of a control sequence.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

std::size_t bytes_of(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t column = 0; bytes < text.size() && column < width; ++column) {
    ++bytes;
    while (bytes < text.size() && continues(text[bytes])) ++bytes;
  }
  return bytes;
}

}  // namespace

std::string clean(std::string_view text, bool keep_lines) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      result += '?';
      text.remove_prefix(1);
      continue;
    }
    const std::string_view sequence = text.substr(0, length);
    if (!is_control(sequence) || (keep_lines && (sequence == "\n" || sequence == "\t"))) {
      result += sequence;
    } else {
      result += ' ';
    }
    text.remove_prefix(length);
  }
  return result;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, bytes_of(text, width - 1))) + "…";
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t indent) {
  width = std::max<std::size_t>(width, 1);
  indent = std::min(indent, width - 1);
  std::vector<std::string> lines;
  for (;;) {
    const std::size_t before = lines.empty() ? 0 : indent;
    const std::string margin(before, ' ');
    if (columns(text) <= width - before) {
      lines.push_back(margin + std::string(text));
      return lines;
    }
    const std::size_t most = bytes_of(text, width - before);
    // One more, since the space itself may stand just past the end.
    const std::size_t space = text.substr(0, most + 1).find_last_of(' ');
    const bool at_space = space != std::string_view::npos && space > 0;
    lines.push_back(margin + std::string(text.substr(0, at_space ? space : most)));
    text.remove_prefix(at_space ? space + 1 : most);
  }
}

std::string count_of(std::uint64_t count, std::string_view noun) {
  std::string digits = count == 0 ? std::string("no") : std::to_string(count);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3)
    digits.insert(static_cast<std::size_t>(place), ",");
  return digits + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+.,:/@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace lab::explorer
