#include "tools/grader/submission/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "tools/grader/submission/names.hpp"
#include "tools/grader/submission/regular_file.hpp"
#include "tools/grader/submission/submission.hpp"

namespace lab::grader {
namespace {

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

Reader new_reader() { return {::archive_read_new(), ::archive_read_free}; }

// Named here and not left to the library, which would unpack what is packed many times over, and in ways that it starts
// other programs for.
struct Packing {
  std::string_view begins;
  int filter;
};
using namespace std::string_view_literals;
constexpr std::array<Packing, 4> packings = {{{"\x1f\x8b"sv, ARCHIVE_FILTER_GZIP},
                                              {"BZh"sv, ARCHIVE_FILTER_BZIP2},
                                              {"\xfd"
                                               "7zXZ\0"sv,
                                               ARCHIVE_FILTER_XZ},
                                              {"\x28\xb5\x2f\xfd"sv, ARCHIVE_FILTER_ZSTD}}};
constexpr std::array zip_begins = {"PK\x03\x04"sv, "PK\x05\x06"sv};

bool begins_with(std::string_view text, std::string_view begin) { return text.substr(0, begin.size()) == begin; }

class Unpacking {
public:
  explicit Unpacking(const std::string& name) : plain_name_(name), name_(in_quotes(name)) {}

  // What is packed once is unpacked; all else stays as it is.
  tl::expected<std::string, std::string> unpacked(std::string bytes) {
    for (const Packing& packing : packings) {
      if (!begins_with(bytes, packing.begins)) continue;
      const Reader reader = new_reader();
      archive_entry* entry = nullptr;
      if (::archive_read_set_format(reader.get(), ARCHIVE_FORMAT_RAW) < ARCHIVE_WARN ||
          ::archive_read_append_filter(reader.get(), packing.filter) < ARCHIVE_WARN ||
          ::archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
          ::archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
        return damaged();
      }
      std::string all;
      auto read = data(*reader, [&](std::string_view piece) { all += piece; });
      if (!read) return tl::unexpected(std::move(read.error()));
      looked_at_ = 0;  // what is in it is counted anew, and can't be more
      return all;
    }
    return bytes;
  }

  tl::expected<Sources, std::string> sources(const std::string& bytes) {
    const Reader reader = new_reader();
    const bool zip = begins_with(bytes, zip_begins[0]) || begins_with(bytes, zip_begins[1]);
    // Of zip only what has its list of contents at the end: then it is whole, and there is one answer to what is in it.
    const int format = zip ? ::archive_read_support_format_zip_seekable(reader.get())
                           : ::archive_read_support_format_tar(reader.get());
    if (format < ARCHIVE_WARN || ::archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
      return no_archive();
    }
    for (;;) {
      archive_entry* entry = nullptr;
      const int next = ::archive_read_next_header(reader.get(), &entry);
      if (next == ARCHIVE_EOF) break;
      // A warning is about a name, which is looked at next.
      if (next != ARCHIVE_OK && next != ARCHIVE_WARN) return entries_ == 0 ? no_archive() : damaged();
      auto taken = take(*reader, *entry);
      if (!taken) return tl::unexpected(std::move(taken.error()));
    }
    return candidates_.both(plain_name_);
  }

private:
  tl::unexpected<std::string> damaged() const {
    return tl::unexpected(fmt::format("{} is damaged or cut off: pack it anew", name_));
  }
  tl::unexpected<std::string> no_archive() const {
    return tl::unexpected(
        fmt::format("{} is no whole zip or tar archive: pack the two files anew, as one of these", name_));
  }

  static std::string name_of(archive_entry& entry) {
    const char* name = ::archive_entry_pathname_utf8(&entry);
    if (name == nullptr) name = ::archive_entry_pathname(&entry);
    return name == nullptr ? "" : name;
  }

  // Hands on all of an entry's bytes; what is left out of a sparse file is not made up.
  template <class Take>
  tl::expected<void, std::string> data(archive& reader, const Take& take_piece) {
    for (;;) {
      const void* piece = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int read = ::archive_read_data_block(&reader, &piece, &size, &offset);
      if (read == ARCHIVE_EOF) return {};
      if (read != ARCHIVE_OK) return damaged();
      looked_at_ += size;
      if (looked_at_ > submission_unpacked_max) {
        return tl::unexpected(fmt::format("{} holds more than {} MiB: hand in the two files alone", name_,
                                          submission_unpacked_max >> 20));
      }
      take_piece(std::string_view(static_cast<const char*>(piece), size));
    }
  }

  tl::expected<void, std::string> take(archive& reader, archive_entry& entry) {
    const std::string name = name_of(entry);
    if (++entries_ > submission_entries_max) {
      return tl::unexpected(
          fmt::format("{} holds more than {} entries: hand in the two files alone", name_, submission_entries_max));
    }
    const auto refuse = [&](std::string_view fault) {
      return tl::unexpected(fmt::format("the entry {} of {} {}", in_quotes(name), name_, fault));
    };
    if (const std::string fault = fault_of_name(name); !fault.empty()) {
      return refuse(fault + ": rename it and pack anew, or leave it out");
    }
    if (::archive_entry_is_encrypted(&entry) != 0 || ::archive_read_has_encrypted_entries(&reader) == 1) {
      return refuse("has a password: pack it without one");
    }
    const std::vector<std::string> parts = parts_of(name);
    const bool folder = ::archive_entry_filetype(&entry) == AE_IFDIR;
    const auto [before, is_new] = is_folder_.emplace(fmt::format("{}", fmt::join(parts, "/")), folder);
    if (!is_new && !(before->second && folder)) return refuse("is there twice: leave the one that counts");

    const auto which = candidates_.which(parts);
    if (!which) return data(reader, [](std::string_view) {});
    if (::archive_entry_hardlink(&entry) != nullptr || ::archive_entry_filetype(&entry) != AE_IFREG) {
      return refuse("is no regular file: put one in its place");
    }
    std::string text;
    bool too_large = false;
    auto read = data(reader, [&](std::string_view piece) {
      too_large = too_large || text.size() + piece.size() > submission_file_max;
      if (!too_large) text += piece;
    });
    if (!read) return read;
    if (too_large) return refuse(fmt::format("is larger than {} KiB: make it smaller", submission_file_max >> 10));
    if (::archive_entry_size_is_set(&entry) != 0 &&
        ::archive_entry_size(&entry) != static_cast<la_int64_t>(text.size())) {
      return refuse("is not all there: pack it anew, and not as a sparse file");
    }
    return candidates_.add(*which, parts, std::move(text));
  }

  const std::string plain_name_;
  const std::string name_;  // in quotes
  std::size_t looked_at_ = 0;
  std::size_t entries_ = 0;
  std::map<std::string, bool> is_folder_;
  Candidates candidates_;
};

}  // namespace

tl::expected<Sources, std::string> sources_of_archive(const std::filesystem::path& path) {
  auto bytes = read_regular(AT_FDCWD, path.string(), submission_unpacked_max, Links::followed);
  if (!bytes) return tl::unexpected(fmt::format("{} {}", in_quotes(path.string()), bytes.error()));
  Unpacking unpacking(path.filename().string());
  auto unpacked = unpacking.unpacked(std::move(*bytes));
  if (!unpacked) return tl::unexpected(std::move(unpacked.error()));
  return unpacking.sources(*unpacked);
}

}  // namespace lab::grader
