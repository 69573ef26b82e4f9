// What the terminal is like.
#pragma once

#include <cstddef>

namespace lab::cli {

// The width that text may have: the terminal's, or 100 where there is none.
std::size_t text_width();

// The rows that may be seen at once: the terminal's, or 50 where there is none.
std::size_t text_height();

}  // namespace lab::cli
