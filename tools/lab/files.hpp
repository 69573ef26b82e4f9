// Files as the commands read and write them.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>

namespace lab::cli {

// Writes beside and renames, so that a reader never finds half a file. The error is a sentence.
tl::expected<void, std::string> write_text(const std::filesystem::path& file, const std::string& text);
tl::expected<void, std::string> write_json(const std::filesystem::path& file, const nlohmann::json& content);

// The whole file; "" names the command's own standard input, which is nothing if it is a terminal.
tl::expected<std::string, std::string> read_input(const std::filesystem::path& file);

}  // namespace lab::cli
