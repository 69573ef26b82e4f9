#include "tests/support/race_reports.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAB_UNDER_TSAN 1
#endif
#endif

#ifndef LAB_UNDER_TSAN

std::vector<lab::test::RaceReport> lab::test::race_reports() { return {}; }

#else

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

// What a debugger may ask the runtime about a report while it is being made; declared for that purpose in
// LLVM's compiler-rt/lib/tsan/rtl/tsan_interface.h, which Debian does not package.
extern "C" {
int __tsan_get_report_data(void* report, const char** description, int* count, int* stack_count, int* mop_count,
                           int* loc_count, int* mutex_count, int* thread_count, int* unique_tid_count,
                           void** sleep_trace, std::uintptr_t trace_size);
int __tsan_get_report_mop(void* report, std::uintptr_t index, int* tid, void** address, int* size, int* write,
                          int* atomic, void** trace, std::uintptr_t trace_size);
int __tsan_get_report_stack(void* report, std::uintptr_t index, void** trace, std::uintptr_t trace_size);
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

std::vector<lab::test::RaceReport> lab::test::race_reports() {
  const std::size_t count = made.load(std::memory_order_acquire);  // partner: the release in __tsan_on_report
  std::vector<RaceReport> reports;
  for (std::size_t i = 0; i < count; ++i) {
    RaceReport report;
    report.description = raw[i].description;
    report.has_accesses = raw[i].has_accesses;
    for (std::size_t at = 0; at < raw[i].places; ++at) {
      report.places.push_back(place_to_read(raw[i].traces[at].data(), frames_max, true));
      report.writes.push_back(raw[i].writes[at]);
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

#endif

bool lab::test::RaceReport::is_race() const { return description.find("data-race") != std::string::npos; }

std::string lab::test::RaceReport::sentence() const {
  std::string text = description + ": ";
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0) text += " and ";
    if (has_accesses) text += writes[i] ? "a write at " : "a read at ";
    text += places[i].text();
  }
  return text;
}
