// Text of unknown origin, made fit to be shown: a submission names its files, a compiler quotes its lines, and a failed
// claim prints its values. All functions are pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lab::grader::formats {

// Valid UTF-8 that every format can hold: XML 1.0 forbids most control characters, a terminal obeys them, and marks
// that turn the direction of reading make a line look like another ("Trojan Source", trojansource.codes). Each of
// those, and each byte that is no UTF-8, is shown as U+FFFD. Colours of a terminal are taken out, and line ends become
// "\n".
std::string printable(std::string_view text);

// At most `bytes_max` bytes of a text that printable() has made, cut between characters. What is left out is said in
// the text, if there is room for that.
std::string cut(std::string text, std::size_t bytes_max);

// With spaces in place of line ends and tabs, and none at the ends.
std::string one_line(std::string_view text);

// As one word of a POSIX shell's command line: in quotes if it needs them.
std::string shell_word(const std::string& text);

// "8", "2.5", "5.33": at most two decimals, and as short as it can be.
std::string number(double value);

// "1 run", "8 runs".
std::string counted(double count, std::string_view noun);

}  // namespace lab::grader::formats
