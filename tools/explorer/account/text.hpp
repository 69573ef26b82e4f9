// Text for terminals and JSON. Widths are in columns, one for each code point. Thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::explorer {

// Makes foreign text safe to print and to put into JSON: what is no UTF-8 becomes '?', a control character a space
// (so that a program's output can't move the cursor). `keep_lines` leaves line feeds and tabs alone.
std::string clean(std::string_view text, bool keep_lines = false);

std::size_t columns(std::string_view text);

// At most so many columns; what is cut off ends in "…". A width of 0 gives nothing.
std::string cut(std::string_view text, std::size_t width);

// Lines of at most `width` columns (at least 1), broken at spaces where there are any; lines after the first begin with
// `indent` spaces. Never empty.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

// "no runs", "1 run", "10,000 runs".
std::string count_of(std::uint64_t count, std::string_view noun);

// The word as a POSIX shell reads it back: quoted where it has to be.
std::string shell_word(std::string_view word);

}  // namespace lab::explorer
