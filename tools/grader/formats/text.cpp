#include "tools/grader/formats/text.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>

namespace lab::grader::formats {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_shown(char32_t c) {
  if (c == U'\n' || c == U'\t') return true;
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return false;          // controls: XML 1.0 forbids those below 0x20
  if (c >= 0x202A && c <= 0x202E) return false;                    // turn the direction of what follows
  if (c >= 0x2066 && c <= 0x2069) return false;                    // likewise
  if (c == 0x200E || c == 0x200F || c == 0x061C) return false;     // likewise
  return (c & 0xFFFE) != 0xFFFE && !(c >= 0xFDD0 && c <= 0xFDEF);  // no characters; XML forbids U+FFFE and U+FFFF
}

// Behind a terminal's command at `at`, "\x1b[1;31m" or "\x1b]8;;…\x07"; `at` itself if there is none.
std::size_t behind_command(std::string_view text, std::size_t at) {
  if (text[at] != '\x1b' || at + 1 >= text.size()) return at;
  std::size_t end = at + 2;
  if (text[at + 1] == '[') {
    while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3F) ++end;
    return end < text.size() && text[end] >= 0x40 && text[end] <= 0x7E ? end + 1 : at;
  }
  return at;
}

std::string without_commands(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = behind_command(text, at);
    if (behind != at) {
      at = behind;
    } else if (text[at] == '\r') {
      kept += '\n';
      at += at + 1 < text.size() && text[at + 1] == '\n' ? 2U : 1U;
    } else {
      kept += text[at++];
    }
  }
  return kept;
}

}  // namespace

std::string printable(std::string_view text) {
  const std::string plain = without_commands(text);
  std::string valid;
  valid.reserve(plain.size());
  utf8::replace_invalid(plain.begin(), plain.end(), std::back_inserter(valid), replacement);
  std::string shown;
  shown.reserve(valid.size());
  for (auto at = valid.begin(); at != valid.end();) {
    const auto c = static_cast<char32_t>(utf8::next(at, valid.end()));
    utf8::append(is_shown(c) ? c : replacement, std::back_inserter(shown));
  }
  return shown;
}

std::string cut(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  // The note names a number of at most 20 digits.
  constexpr std::size_t note_max = 48;
  std::size_t end = bytes_max > 2 * note_max ? bytes_max - note_max : bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  const std::size_t left_out = text.size() - end;
  text.resize(end);
  if (bytes_max > 2 * note_max) text += fmt::format("\n[{} more bytes left out]", left_out);
  return text;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_last_not_of(' ') - begin + 1);
}

std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:,+@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string number(double value) {
  if (std::abs(value) < 1e15 && value == std::floor(value)) return fmt::format("{}", static_cast<std::int64_t>(value));
  if (std::abs(value) >= 1e15 || !std::isfinite(value)) return fmt::format("{}", value);
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string counted(double count, std::string_view noun) {
  return fmt::format("{} {}{}", number(count), noun, count == 1 ? "" : "s");
}

}  // namespace lab::grader::formats
