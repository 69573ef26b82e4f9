#include "tools/grader/screen/preprocessed.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "tools/grader/screen/text.hpp"

namespace lab::grader {
namespace {

struct Marker {
  int line = 0;
  std::string path;
  bool enters = false;
};

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\v\f\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\v\f\r") - begin + 1);
}

// # LINE "PATH" FLAGS, of which 1 says that the file is entered.
std::optional<Marker> marker_of(std::string_view line) {
  if (!line.starts_with("# ")) return std::nullopt;
  Marker marker;
  const char* const end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data() + 2, end, marker.line);
  if (error != std::errc{} || end - rest < 3 || rest[0] != ' ' || rest[1] != '"') return std::nullopt;
  const char* at = rest + 2;
  for (; at < end && *at != '"'; ++at) {
    if (*at == '\\' && at + 1 < end) ++at;
    marker.path += *at;
  }
  if (at == end) return std::nullopt;
  const std::string_view flags(at + 1, static_cast<std::size_t>(end - at - 1));
  if (flags.find_first_not_of(" 1234") != std::string_view::npos) return std::nullopt;
  marker.enters = flags.find('1') != std::string_view::npos;
  return marker;
}

}  // namespace

std::string Place::text() const { return fmt::format("{}:{}", file, line); }

Preprocessed divide(std::string_view output, const std::filesystem::path& folder) {
  Preprocessed result;
  const std::string source_path = folder / source_name, header_path = folder / header_name;
  std::string own_file;  // the current file's name if it is one of the two
  int line = 1;
  while (!output.empty()) {
    const std::size_t end = output.find('\n');
    const std::string_view text = output.substr(0, end);
    output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
    if (const auto marker = marker_of(text)) {
      const bool is_source = !folder.empty() && marker->path == source_path;
      const bool own = is_source || (!folder.empty() && marker->path == header_path);
      // The compiler's own <built-in> and <command line> are entered from the source's first line.
      if (marker->enters && !own_file.empty() && !own && !marker->path.starts_with("<"))
        result.entered.push_back({marker->path, {own_file, line}, result.places.size()});
      result.paths.insert(marker->path);
      own_file = own ? (is_source ? source_name : header_name) : "";
      line = marker->line;
      continue;
    }
    if (!own_file.empty()) {
      result.own += text;
      result.own += '\n';
      result.places.push_back({own_file, line});
    } else if (const std::string_view said = trimmed(text); !said.empty()) {
      result.others += said;
      result.others += '\n';
    }
    ++line;
  }
  return result;
}

}  // namespace lab::grader
