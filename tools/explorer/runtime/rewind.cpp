#include "tools/explorer/runtime/rewind.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "tools/explorer/runtime/state.hpp"

// The linker's, for a section whose name is an identifier.
extern "C" char __start_lab_outlives_runs, __stop_lab_outlives_runs;

namespace lab::explorer::runtime {
namespace {

struct Range {
  char* begin;
  char* end;
};

constexpr std::size_t max_ranges = 512;
constexpr std::size_t most_bytes = 64u << 20;

LAB_OUTLIVES_RUNS Range exempt[max_ranges];
LAB_OUTLIVES_RUNS std::size_t exempt_count;
LAB_OUTLIVES_RUNS Range remembered[max_ranges];
LAB_OUTLIVES_RUNS std::size_t remembered_count;
LAB_OUTLIVES_RUNS char* copy_begin;

// Neither the C library's nor the compiler's copying may be called: the data they go by is being written.
void copy(char* to, const char* from, std::size_t bytes) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

// Appends [begin, end) without what is exempt.
bool remember(Range range, std::size_t& total) {
  for (std::size_t i = 0; i < exempt_count; ++i) {
    const Range& hole = exempt[i];
    if (hole.end <= range.begin || hole.begin >= range.end) continue;
    if (hole.begin > range.begin && !remember({range.begin, hole.begin}, total)) return false;
    if (hole.end < range.end && !remember({hole.end, range.end}, total)) return false;
    return true;
  }
  if (remembered_count == max_ranges) return false;
  remembered[remembered_count++] = range;
  total += static_cast<std::size_t>(range.end - range.begin);
  return total <= most_bytes;
}

// A line of /proc/self/maps: "begin-end rw-p offset device inode   path".
bool remember_line(char* line, std::size_t& total) {
  char* rest;
  char* const begin = reinterpret_cast<char*>(std::strtoul(line, &rest, 16));
  if (*rest != '-') return true;
  char* const end = reinterpret_cast<char*>(std::strtoul(rest + 1, &rest, 16));
  if (std::strncmp(rest, " rw-p", 5) != 0) return true;
  if (std::strstr(rest, "[stack]") != nullptr) return true;  // the caller's
  return remember({begin, end}, total);
}

}  // namespace

void exempt_from_rewinding(char* begin, std::size_t bytes) {
  if (exempt_count < max_ranges) exempt[exempt_count++] = {begin, begin + bytes};
}

bool remember_memory() {
  exempt_from_rewinding(&__start_lab_outlives_runs,
                        static_cast<std::size_t>(&__stop_lab_outlives_runs - &__start_lab_outlives_runs));
  constexpr std::size_t text_bytes = 1u << 18;
  char* const text = reserve(text_bytes);
  copy_begin = reserve(most_bytes);
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::size_t length = 0;
  for (ssize_t n; length < text_bytes - 1 && (n = read(file, text + length, text_bytes - 1 - length)) > 0;)
    length += static_cast<std::size_t>(n);
  close(file);
  std::size_t total = 0;
  for (char* line = text; *line != 0;) {
    char* const end = std::strchr(line, '\n');
    if (end != nullptr) *end = 0;
    if (!remember_line(line, total)) return false;
    if (end == nullptr) break;
    line = end + 1;
  }
  populate(copy_begin, total);
  char* at = copy_begin;
  for (std::size_t i = 0; i < remembered_count; ++i) {
    const auto bytes = static_cast<std::size_t>(remembered[i].end - remembered[i].begin);
    populate(remembered[i].begin, bytes);  // the first rewinding writes it
    copy(at, remembered[i].begin, bytes);
    at += bytes;
  }
  return true;
}

void rewind_memory() {
  const char* from = copy_begin;
  for (std::size_t i = 0; i < remembered_count; ++i) {
    const auto bytes = static_cast<std::size_t>(remembered[i].end - remembered[i].begin);
    copy(remembered[i].begin, from, bytes);
    from += bytes;
  }
}

}  // namespace lab::explorer::runtime
