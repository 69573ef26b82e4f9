// Archives of all kinds, good and hostile, for the tests of what takes submissions out of them.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tests/support/folder.hpp"
#include "tools/grader/submission/submission.hpp"

namespace lab::grader::test {

struct Entry {
  std::string name;
  std::string text = {};
  mode_t type = S_IFREG;
  std::string link = {};      // of a symbolic link
  std::string hardlink = {};  // another entry's name
};

// As the names of libarchive's writers have it: the format "zip" or "gnutar" or "pax", the filter "none" or "gzip", ...
struct Packing {
  std::string format = "zip";
  std::string filter = "none";
  std::string options = {};
};

std::string packed(const std::vector<Entry>& entries, const Packing& packing = {});

// Both files at the top, with `more`.
std::vector<Entry> both(const std::vector<Entry>& more = {}, const std::string& folder = "");

void write_file(const std::filesystem::path& path, const std::string& text);
std::string text_of(const std::filesystem::path& path);

// A place for what is handed in, and an empty folder to copy it to.
class Desk {
public:
  Desk();

  std::filesystem::path submitted(const std::string& name) const { return folder_.path() / "submitted" / name; }
  const std::filesystem::path& into() const { return into_; }

  // Writes the archive and takes the submission out of it.
  tl::expected<Taken, std::string> take(const std::string& archive, const std::string& name = "work.zip") const;
  // The error of that, or "taken".
  std::string error_of(const std::string& archive, const std::string& name = "work.zip") const;
  bool is_untouched() const;

private:
  const lab::test::Folder folder_;
  std::filesystem::path into_;
};

}  // namespace lab::grader::test
