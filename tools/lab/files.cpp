#include "tools/lab/files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace lab::cli {

tl::expected<void, std::string> write_json(const std::filesystem::path& file, const nlohmann::json& content) {
  return write_text(file, content.dump(2) + "\n");
}

tl::expected<void, std::string> write_text(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path beside = file.string() + ".new";
  std::error_code error;
  {
    std::ofstream out(beside);
    out << text;
    if (!out.flush()) {
      std::filesystem::remove(beside, error);
      return tl::unexpected(
          fmt::format("can't write {}: name a file in a folder that you may write to", file.string()));
    }
  }
  std::filesystem::rename(beside, file, error);
  if (!error) return {};
  const std::string reason = error.message();
  std::filesystem::remove(beside, error);
  return tl::unexpected(fmt::format("can't put {} in its place: {}", file.string(), reason));
}

tl::expected<std::string, std::string> read_input(const std::filesystem::path& file) {
  if (file.empty()) {
    if (::isatty(STDIN_FILENO) != 0) return std::string();
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) return tl::unexpected(fmt::format("can't read {}", file.string()));
  return text;
}

}  // namespace lab::cli
