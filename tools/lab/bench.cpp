#include "tools/lab/bench.hpp"

#include <fmt/format.h>
#include <sys/personality.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/tail.hpp"
#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

using nlohmann::json;

constexpr std::array bench_programs = {"bench_explorer", "bench_bare", "bench_tsan", "bench_http"};

// --- what is measured -----------------------------------------------------------------------------------

enum class Unit { per_second, nanoseconds };

struct Source {
  std::string_view program;
  std::string_view benchmark;
};

constexpr Source nothing{};
constexpr Source bare_loop{"bench_bare", "access"};

// A figure and what stands beside it.
struct Figure {
  std::string_view name;
  std::string_view title;
  Unit unit;
  Source source;
  std::string_view beside;  // what the comparison is; empty: there is none
  Source comparison;
  Source less;         // what the loop itself takes, subtracted from both
  double promise = 0;  // at least so many a second, or fewer nanoseconds than this; 0: none
};

constexpr std::array all_figures = {
    Figure{"runs_sampled",
           "runs in one process, sampled",
           Unit::per_second,
           {"bench_explorer", "runs_sampled"},
           "a process forked for each",
           {"bench_explorer", "runs_fresh"},
           nothing,
           50'000},
    Figure{"runs_by_deviations",
           "runs in one process, by deviations",
           Unit::per_second,
           {"bench_explorer", "runs_by_deviations"},
           "a process forked for each",
           {"bench_explorer", "runs_fresh"},
           nothing,
           50'000},
    Figure{"runs_isolated",
           "runs in a process that is rewound",
           Unit::per_second,
           {"bench_explorer", "runs_isolated"},
           "a process forked for each",
           {"bench_explorer", "runs_fresh"},
           nothing,
           2'000},
    Figure{"runs_fresh",
           "runs in a process forked for each",
           Unit::per_second,
           {"bench_explorer", "runs_fresh"},
           "fork, exit and wait alone",
           {"bench_bare", "fork_and_wait"},
           nothing,
           0},
    Figure{"program",
           "runs of a small C program",
           Unit::per_second,
           {"bench_explorer", "program_search"},
           "a process forked for each",
           {"bench_explorer", "program_fresh"},
           nothing,
           1'000},
    Figure{"program_when_started",
           "the same without the program's start",
           Unit::per_second,
           {"bench_explorer", "program_search_when_started"},
           "a process forked for each",
           {"bench_explorer", "program_fresh"},
           nothing,
           1'000},
    Figure{"access_idle",
           "access, outside of a run",
           Unit::nanoseconds,
           {"bench_explorer", "access"},
           "ThreadSanitizer",
           {"bench_tsan", "access"},
           bare_loop,
           1.5},
    Figure{"access_in_run",
           "access, in a run",
           Unit::nanoseconds,
           {"bench_explorer", "access_in_run"},
           "ThreadSanitizer",
           {"bench_tsan", "access"},
           bare_loop,
           0},
    Figure{"access_bare", "access, not instrumented", Unit::nanoseconds, bare_loop, "", nothing, nothing, 0},
    Figure{"million_1000",
           "access of a million, to 1,000 words",
           Unit::nanoseconds,
           {"bench_explorer", "million_in_run/1000"},
           "ThreadSanitizer",
           {"bench_tsan", "million/1000"},
           {"bench_bare", "million/1000"},
           0},
    Figure{"million_100000",
           "access of a million, to 100,000 words",
           Unit::nanoseconds,
           {"bench_explorer", "million_in_run/100000"},
           "ThreadSanitizer",
           {"bench_tsan", "million/100000"},
           {"bench_bare", "million/100000"},
           0},
    Figure{"switch",
           "switch between two threads",
           Unit::nanoseconds,
           {"bench_explorer", "switch_in_run"},
           "the system's own threads",
           {"bench_bare", "thread_switch"},
           nothing,
           0},
    Figure{"http_httplib",
           "HTTP requests, cpp-httplib",
           Unit::per_second,
           {"bench_http", "http_httplib"},
           "the routes without HTTP",
           {"bench_http", "routes_alone"},
           nothing,
           0},
    Figure{"http_beast",
           "HTTP requests, Boost.Beast",
           Unit::per_second,
           {"bench_http", "http_beast"},
           "cpp-httplib",
           {"bench_http", "http_httplib"},
           nothing,
           0},
    Figure{"http_poco",
           "HTTP requests, POCO Net",
           Unit::per_second,
           {"bench_http", "http_poco"},
           "cpp-httplib",
           {"bench_http", "http_httplib"},
           nothing,
           0},
};

// --- measuring ------------------------------------------------------------------------------------------

// By program and benchmark: items a second, of each repetition.
using Measured = std::map<std::string, std::map<std::string, std::vector<double>>, std::less<>>;

// While it lives, what this process starts has its memory at the same addresses each time. With many bits of
// randomisation (vm.mmap_rnd_bits above 28, say), clang 14's ThreadSanitizer finds its shadow's place taken.
class NoRandomisation {
public:
  NoRandomisation() : before_(::personality(0xffffffff)) {
    ::personality(static_cast<unsigned long>(before_) | ADDR_NO_RANDOMIZE);
  }
  ~NoRandomisation() { ::personality(static_cast<unsigned long>(before_)); }
  NoRandomisation(const NoRandomisation&) = delete;
  NoRandomisation& operator=(const NoRandomisation&) = delete;

private:
  int before_;
};

// Runs a command quietly. Where it fails, the end of what it printed is shown.
bool run_quietly(const process::Command& command) {
  Tail tail(40);
  const process::Ran outcome = process::run(command, [&](const std::string& line) { tail.add(line); });
  if (outcome.ok()) return true;
  for (const std::string& line : tail.lines()) fmt::print(stderr, "    {}\n", line);
  fmt::print(stderr, "lab: {} ended with status {}\n", fmt::join(command.words, " "), outcome.status);
  return false;
}

// Google Benchmark's report, which it writes into a file: on the standard output it would be mixed with warnings.
json benchmark_report(const std::filesystem::path& program, const BenchOptions& options) {
  const process::Folder folder("lab-bench");
  const std::filesystem::path file = folder.path() / "report.json";
  const bool ran = run_quietly({{program.string(), "--benchmark_out=" + file.string(), "--benchmark_out_format=json",
                                 fmt::format("--benchmark_min_time={}", options.seconds),
                                 fmt::format("--benchmark_repetitions={}", options.repetitions)},
                                {}});
  json report = nullptr;
  if (ran) report = json::parse(std::ifstream(file), nullptr, false);
  return report;
}

// "million/1000/manual_time" -> "million/1000": how the time was taken is no part of the name.
std::string plain_name(std::string name) {
  for (const std::string_view suffix : {"/manual_time", "/real_time", "/process_time"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

bool measure(const std::filesystem::path& program, const BenchOptions& options, Measured& measured) {
  const json report = benchmark_report(program, options);
  if (!report.is_object()) return false;
  for (const json& entry : report.value("benchmarks", json::array())) {
    if (entry.value("run_type", "") != "iteration") continue;  // an aggregate
    const std::string name = plain_name(entry.value("run_name", ""));
    if (entry.value("error_occurred", false)) {
      fmt::print(stderr, "lab: {} could not be measured: {}\n", name, entry.value("error_message", ""));
      return false;
    }
    measured[program.filename().string()][name].push_back(entry.value("items_per_second", 0.0));
  }
  return true;
}

// --- telling --------------------------------------------------------------------------------------------

std::optional<double> median(const Measured& measured, const Source& source) {
  const auto program = measured.find(source.program);
  if (program == measured.end()) return std::nullopt;
  const auto benchmark = program->second.find(std::string(source.benchmark));
  if (benchmark == program->second.end()) return std::nullopt;
  std::vector<double> values = benchmark->second;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (*middle <= 0) return std::nullopt;
  return *middle;
}

std::optional<double> value_of(const Measured& measured, const Source& source, const Figure& figure) {
  const auto rate = median(measured, source);
  if (!rate || figure.unit == Unit::per_second) return rate;
  if (figure.less.benchmark.empty()) return 1e9 / *rate;
  const auto loop = median(measured, figure.less);
  if (!loop) return std::nullopt;
  return std::max(0.0, 1e9 / *rate - 1e9 / *loop);  // below zero is noise
}

struct Row {
  const Figure* figure = nullptr;
  double value = 0;
  std::optional<double> beside;
  std::optional<double> times_as_fast;
  std::optional<bool> met;
};

std::optional<Row> row_of(const Measured& measured, const Figure& figure) {
  Row row;
  row.figure = &figure;
  const auto value = value_of(measured, figure.source, figure);
  if (!value) return std::nullopt;
  row.value = *value;
  const bool is_rate = figure.unit == Unit::per_second;
  if (!figure.beside.empty()) {
    row.beside = value_of(measured, figure.comparison, figure);
    if (!row.beside) return std::nullopt;
    const double better = is_rate ? row.value : *row.beside;
    const double worse = is_rate ? *row.beside : row.value;
    if (worse > 0) row.times_as_fast = better / worse;
  }
  if (figure.promise > 0) row.met = is_rate ? row.value >= figure.promise : row.value < figure.promise;
  return row;
}

std::string grouped(double value) {
  std::string text = fmt::format("{:.0f}", value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string in_unit(double value, Unit unit) {
  if (unit == Unit::per_second) return grouped(value) + " /s";
  return value >= 1'000 ? grouped(value) + " ns" : fmt::format("{:.{}f} ns", value, value < 10 ? 2 : 1);
}

std::string promise_of(const Row& row) {
  if (!row.met) return "";
  const Figure& figure = *row.figure;
  const std::string limit =
      figure.unit == Unit::per_second ? ">= " + grouped(figure.promise) : fmt::format("< {} ns", figure.promise);
  return fmt::format("{:<11} {}", limit, *row.met ? "met" : "missed");
}

void print_row(std::string_view title, std::string_view value, std::string_view beside, std::string_view beside_value,
               std::string_view ratio, std::string_view promise) {
  std::string line =
      fmt::format("{:<38} {:>12}   {:<26} {:>12} {:>9}   {}", title, value, beside, beside_value, ratio, promise);
  line.erase(line.find_last_not_of(' ') + 1);
  fmt::print("{}\n", line);
}

void print(const std::vector<Row>& rows, const BenchOptions& options) {
  print_row("figure", "median", "beside it", "median", "ratio", "promise");
  for (const Row& row : rows) {
    const Unit unit = row.figure->unit;
    print_row(row.figure->title, in_unit(row.value, unit), row.figure->beside,
              row.beside ? in_unit(*row.beside, unit) : "",
              row.times_as_fast ? fmt::format("{:.{}f} x", *row.times_as_fast, *row.times_as_fast < 10 ? 2 : 0) : "",
              promise_of(row));
  }
  fmt::print(
      "\nMedians of {} repetitions. The ratio says how many times as fast the figure is as what stands beside it. "
      "What\n"
      "the loop itself takes is subtracted from the accesses. docs/reference/benchmarks.md says how each is "
      "measured.\n",
      options.repetitions);
}

json as_json(const Row& row) {
  const Figure& figure = *row.figure;
  const auto or_null = [](const auto& value) { return value ? json(*value) : json(nullptr); };
  json out = {{"name", figure.name},
              {"title", figure.title},
              {"unit", figure.unit == Unit::per_second ? "per_second" : "nanoseconds"},
              {"median", row.value},
              {"beside", nullptr},
              {"times_as_fast", or_null(row.times_as_fast)},
              {"promise", nullptr}};
  if (row.beside) out["beside"] = {{"title", figure.beside}, {"median", *row.beside}};
  if (row.met) out["promise"] = {{"limit", figure.promise}, {"met", *row.met}};
  return out;
}

}  // namespace

Status bench_in(const std::filesystem::path& folder, const BenchOptions& options, json* report) {
  Measured measured;
  for (const std::string program : bench_programs) {
    fmt::print(stderr, "lab: {} runs\n", program);
    std::optional<NoRandomisation> fixed_addresses;
    if (program == "bench_tsan") fixed_addresses.emplace();
    if (!measure(folder / program, options, measured)) return could_not_judge;
  }
  std::vector<Row> rows;
  for (const Figure& figure : all_figures) {
    const auto row = row_of(measured, figure);
    if (!row) {
      fmt::print(stderr, "lab: the programs in {} do not measure {}: build them anew\n", folder.string(), figure.name);
      return could_not_judge;
    }
    rows.push_back(*row);
  }
  print(rows, options);
  if (report == nullptr) return passed;
  *report = {{"schema", 1},
             {"repetitions", options.repetitions},
             {"seconds", options.seconds},
             {"figures", json::array()},
             {"items_per_second", measured}};
  for (const Row& row : rows) (*report)["figures"].push_back(as_json(row));
  return passed;
}

bool build_bench(const Context& context) {
  const auto build = context.root / "build";
  fmt::print(stderr, "lab: the benchmark programs are built\n");
  // As everybody who writes to a build folder, under the lock.
  std::vector<std::string> words = {"flock",   (build / ".lock").string(), "cmake", "--build", "--preset", "release",
                                    "--target"};
  words.insert(words.end(), bench_programs.begin(), bench_programs.end());
  return run_quietly({words, context.root});
}

}  // namespace lab::cli
