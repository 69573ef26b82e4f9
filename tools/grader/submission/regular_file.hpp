// Reading a file that may be none: a pipe that nobody writes to, a device, a link to somewhere else.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

namespace lab::grader {

// Of the file's last name, whether it may be a link to a file, or one of several names of it.
enum class Links { refused, followed };

// All of a regular file's bytes, relative to the open folder, or AT_FDCWD. Never waits. The error is the rest of a
// sentence that begins with the file: what is wrong with it, and what to do.
tl::expected<std::string, std::string> read_regular(int folder, const std::string& name, std::size_t bytes_max,
                                                    Links links);

}  // namespace lab::grader
