// The little that the account needs of an ELF file itself; lines and symbols are libbacktrace's job.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace lab::explorer {

struct Elf {
  bool fixed_addresses = false;      // ET_EXEC: linked with -no-pie
  std::uint64_t begin = 0, end = 0;  // the addresses that its segments take up; end is past the last
  std::string build_id;              // hex digits: of .note.gnu.build-id, or of the FNV-1a hash of a file that has none
};

// Reads a 64-bit little-endian ELF file of any size. The error is a sentence that names the file. Thread safe.
tl::expected<Elf, std::string> read_elf(const std::string& path);

}  // namespace lab::explorer
