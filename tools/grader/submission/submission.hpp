// Taking what a student hands in: exactly session_manager.hpp and session_manager.cpp, byte by byte, out of a folder or
// an archive that may hold anything. Nothing else is unpacked, and no link is followed.
//
// They lie at the top or in one folder below it; a place deeper counts for nothing, and two places are refused, for
// nobody can say which one counts. What the systems of students add is overlooked: __MACOSX, ._*, .DS_Store and .git.
//
// An archive is zip, or tar as it is or packed with gzip, bzip2, xz or zstd, once. It is refused as a whole if any
// entry has a password, a name that is there twice or is absolute, or holds "..", a backslash, a control character or
// what is not UTF-8; if it is damaged or cut off; or beyond the bounds below, which are kept before anything is
// unpacked.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <tl/expected.hpp>

namespace lab::grader {

inline constexpr std::size_t submission_file_max = std::size_t{256} << 10;     // bytes of each of the two files
inline constexpr std::size_t submission_unpacked_max = std::size_t{64} << 20;  // bytes of all that is looked at
inline constexpr std::size_t submission_entries_max = 10'000;                  // files and folders
inline constexpr std::size_t submission_depth_max = 64;                        // folders within each other

struct Taken {
  std::string folder;  // where they were found: one folder's name, or empty for the top
};

// Copies both files into `into`, a folder that holds neither, as plain files that everybody may read. The error is one
// sentence that names what is refused, free of control characters, and says what to do; then nothing was written, nor
// ever anywhere else. Thread safe, as long as nobody else writes to `into`.
tl::expected<Taken, std::string> take_submission(const std::filesystem::path& submitted,
                                                 const std::filesystem::path& into);

}  // namespace lab::grader
