// What the terminal is like.
#pragma once

#include <cstddef>

namespace lab::cli {

// The width that text may have: the terminal's, or 100 where there is none.
std::size_t text_width();

}  // namespace lab::cli
