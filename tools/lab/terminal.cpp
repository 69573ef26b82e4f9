#include "tools/lab/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace lab::cli {

std::size_t text_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

std::size_t text_height() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) return size.ws_row;
  return 50;
}

}  // namespace lab::cli
