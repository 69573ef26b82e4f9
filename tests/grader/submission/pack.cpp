#include "tests/grader/submission/pack.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace lab::grader::test {

namespace fs = std::filesystem;

std::string packed(const std::vector<Entry>& entries, const Packing& packing) {
  archive* const writer = ::archive_write_new();
  const auto must = [&](la_ssize_t result) {
    if (result < ARCHIVE_WARN) throw std::runtime_error(::archive_error_string(writer));
  };
  must(::archive_write_set_format_by_name(writer, packing.format.c_str()));
  if (packing.filter != "none") must(::archive_write_add_filter_by_name(writer, packing.filter.c_str()));
  if (!packing.options.empty()) {
    must(::archive_write_set_passphrase(writer, "secret"));
    must(::archive_write_set_options(writer, packing.options.c_str()));
  }
  // Not filled up to a tape's block.
  must(::archive_write_set_bytes_per_block(writer, 0));
  std::size_t enough = 1 << 16;
  for (const Entry& one : entries) enough += one.text.size() + 4096;
  std::string all(enough, '\0');
  std::size_t used = 0;
  must(::archive_write_open_memory(writer, all.data(), all.size(), &used));
  for (const Entry& one : entries) {
    archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, one.name.c_str());
    ::archive_entry_set_filetype(entry, one.type);
    ::archive_entry_set_perm(entry, 0600);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(one.text.size()));
    if (one.type == S_IFLNK) ::archive_entry_set_symlink(entry, one.link.c_str());
    if (!one.hardlink.empty()) ::archive_entry_set_hardlink(entry, one.hardlink.c_str());
    must(::archive_write_header(writer, entry));
    if (!one.text.empty()) must(::archive_write_data(writer, one.text.data(), one.text.size()));
    ::archive_entry_free(entry);
  }
  must(::archive_write_close(writer));
  ::archive_write_free(writer);
  all.resize(used);
  return all;
}

std::vector<Entry> both(const std::vector<Entry>& more, const std::string& folder) {
  std::vector<Entry> all = {{folder + "session_manager.hpp", "header"}, {folder + "session_manager.cpp", "source"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Desk::Desk() : into_(folder_.path() / "into") {
  fs::create_directory(into_);
  fs::create_directory(folder_.path() / "submitted");
}

tl::expected<Taken, std::string> Desk::take(const std::string& archive, const std::string& name) const {
  write_file(submitted(name), archive);
  return take_submission(submitted(name), into_);
}

std::string Desk::error_of(const std::string& archive, const std::string& name) const {
  const auto taken = take(archive, name);
  return taken ? "taken" : taken.error();
}

// What is there: the two folders, and what was handed in.
bool Desk::is_untouched() const {
  if (!fs::is_empty(into_)) return false;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path()))
    if (entry.path() != into_ && entry.path() != folder_.path() / "submitted") return false;
  return true;
}

}  // namespace lab::grader::test
