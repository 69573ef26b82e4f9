#include "tests/support/race_reports.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAB_UNDER_TSAN 1
#endif
#endif

#ifndef LAB_UNDER_TSAN

std::vector<std::string> lab::test::race_reports() { return {}; }

#else

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>

// What a debugger may ask the runtime about a report while it is being made; declared for that purpose in
// LLVM's compiler-rt/lib/tsan/rtl/tsan_interface.h, which Debian does not package.
extern "C" {
int __tsan_get_report_data(void* report, const char** description, int* count, int* stack_count, int* mop_count,
                           int* loc_count, int* mutex_count, int* thread_count, int* unique_tid_count,
                           void** sleep_trace, std::uintptr_t trace_size);
int __tsan_get_report_mop(void* report, std::uintptr_t index, int* tid, void** address, int* size, int* write,
                          int* atomic, void** trace, std::uintptr_t trace_size);
int __tsan_get_report_stack(void* report, std::uintptr_t index, void** trace, std::uintptr_t trace_size);
void __sanitizer_symbolize_pc(void* pc, const char* format, char* out, std::size_t out_size);
void __tsan_on_report(void* report);
const char* __tsan_default_options();
}

namespace {

constexpr std::size_t reports_max = 64;  // one is enough to fail a test; the rest is for the reader
constexpr std::size_t frames_max = 32;   // of one place's stack, the innermost first
constexpr std::size_t places_max = 4;    // a race has two, a lock cycle of two mutexes four
using Trace = std::array<void*, frames_max>;

struct Raw {
  const char* description = "";
  std::size_t places = 0;
  bool has_accesses = false;
  std::array<Trace, places_max> traces{};
  std::array<bool, places_max> writes{};
};

// Filled by the callback, which runs under the runtime's own locks and so may neither allocate nor symbolize.
// The runtime makes one report at a time; `made` is released after its entry is written and acquired by reader.
std::array<Raw, reports_max> raw;
std::atomic<std::size_t> made{0};

struct Frame {
  std::string file;
  std::string text;
};

// An inlined call has several frames at one pc; they come NUL-separated, the innermost first, and end with an empty
// one.
std::vector<Frame> frames_at(void* pc) {
  std::array<char, 8192> buffer{};
  // A return address points behind its call.
  __sanitizer_symbolize_pc(static_cast<char*>(pc) - 1, "%s|%l|%f", buffer.data(), buffer.size() - 1);
  std::vector<Frame> frames;
  for (const char* at = buffer.data(); *at != '\0'; at += std::strlen(at) + 1) {
    const std::string_view line(at);
    const std::size_t first = line.find('|');
    const std::size_t second = line.find('|', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string file = std::filesystem::path(line.substr(0, first)).filename();
    const std::string_view function = line.substr(second + 1);
    // Without its parameters, which say nothing that the line does not; a lambda's own name begins with one.
    const std::string_view name = function.starts_with("lab::") ? function.substr(0, function.find('(')) : function;
    frames.push_back({file, fmt::format("{}:{} in {}", file, line.substr(first + 1, second - first - 1), name)});
  }
  return frames;
}

// The innermost place in the implementation's own file, which a reader can do something about; else the innermost.
std::string place(const Trace& trace) {
  std::string innermost;
  for (void* pc : trace) {
    if (pc == nullptr) break;
    for (const Frame& frame : frames_at(pc)) {
      if (frame.file == "session_manager.cpp") return frame.text;
      if (innermost.empty()) innermost = frame.text;
    }
  }
  return innermost.empty() ? "an unknown place" : innermost;
}

std::string sentence(const Raw& report) {
  std::string text = std::string(report.description) + ": ";
  for (std::size_t i = 0; i < report.places; ++i) {
    if (i > 0) text += " and ";
    if (report.has_accesses) text += report.writes[i] ? "a write at " : "a read at ";
    text += place(report.traces[i]);
  }
  return text;
}

}  // namespace

const char* __tsan_default_options() {
  // Reports go through the callback into the test's result, so the runtime need not change the exit status.
  return "exitcode=0:second_deadlock_stack=1:history_size=4";
}

void __tsan_on_report(void* report) {
  const std::size_t index = made.load(std::memory_order_relaxed);  // written by this callback alone, one at a time
  if (index >= reports_max) return;
  Raw& entry = raw[index];
  int ignored = 0;
  int stacks = 0;
  int accesses = 0;
  void* sleep[1] = {};
  __tsan_get_report_data(report, &entry.description, &ignored, &stacks, &accesses, &ignored, &ignored, &ignored,
                         &ignored, sleep, 1);
  entry.has_accesses = accesses > 0;
  entry.places = std::min<std::size_t>(static_cast<std::size_t>(accesses > 0 ? accesses : stacks), places_max);
  for (std::size_t i = 0; i < entry.places; ++i) {
    void** trace = entry.traces[i].data();
    if (entry.has_accesses) {
      void* address = nullptr;
      int write = 0;
      __tsan_get_report_mop(report, i, &ignored, &address, &ignored, &write, &ignored, trace, frames_max);
      entry.writes[i] = write != 0;
    } else {
      __tsan_get_report_stack(report, i, trace, frames_max);
    }
  }
  made.store(index + 1, std::memory_order_release);  // partner: the acquire in race_reports
}

std::vector<std::string> lab::test::race_reports() {
  const std::size_t count = made.load(std::memory_order_acquire);  // partner: the release in __tsan_on_report
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < count; ++i) sentences.push_back(sentence(raw[i]));
  return sentences;
}

#endif
