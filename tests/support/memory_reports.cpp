#include "tests/support/memory_reports.hpp"

#include <array>

// The hooks and questions of LLVM's compiler-rt/include/sanitizer/asan_interface.h and lib/ubsan/ubsan_monitor.h. The
// runtime calls the hooks if the program has them, just before it reports; the questions are there only with it.
extern "C" {
const char* __asan_get_report_description() __attribute__((weak));
void* __asan_get_report_pc() __attribute__((weak));
void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file, unsigned* line,
                                     unsigned* column, char** address) __attribute__((weak));
void __asan_on_error();
void __ubsan_on_report();
}

namespace {

using namespace lab::test;

void (*tell_of)(const MemoryReport&) = nullptr;

}  // namespace

void lab::test::on_memory_report(void (*tell)(const MemoryReport&)) { tell_of = tell; }

void __asan_on_error() {
  if (tell_of == nullptr || &__asan_get_report_description == nullptr) return;
  MemoryReport report;
  const std::string description = __asan_get_report_description();
  report.verdict = description.find("use-after") != std::string::npos ? "use_after_free" : "crash";
  // The stack from here on leads through the runtime to the access; the pc itself may be in a library's function.
  std::array<void*, 1> pc = {__asan_get_report_pc()};
  report.place = place_to_read(pc.data(), pc.size(), false);
  report.sentence = "AddressSanitizer: " + description + " at " + report.place.text();
  tell_of(report);
}

void __ubsan_on_report() {
  if (tell_of == nullptr || &__ubsan_get_current_report_data == nullptr) return;
  const char* kind = "";
  const char* message = "";
  const char* file = "";
  unsigned line = 0, column = 0;
  char* address = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
  MemoryReport report;
  report.verdict = "crash";
  std::string name = file == nullptr ? "" : file;
  name.erase(0, name.find_last_of('/') + 1);
  report.place = {name + ":" + std::to_string(line), "", name == "session_manager.cpp"};
  report.sentence = "UndefinedBehaviorSanitizer: " + std::string(message) + " at " + report.place.location;
  tell_of(report);
}
