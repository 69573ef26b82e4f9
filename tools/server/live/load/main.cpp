// load_buggy and load_fixed: put the implementation that is linked under load, and print what came of it.
//
//   load_IMPLEMENTATION SECONDS OPERATIONS_PER_SECOND THREADS
//
// A line of JSON for each batch, at most five a second, taken while nothing runs:
//   { "sample": 1, "seconds": 0.2, "operations": 412,
//     "signs": { NAME: { "expected": 80, "counted": 61 } },
//     "latency": { NAME: { "median_us": 1, "p95_us": 2, "longest_us": 9 } } }
// and one at the end: { "ended": "time" } or, after a SIGTERM, { "ended": "stopped" }.
//
// Exit status: 0 at the end, 2 for arguments out of range. It ends too when nobody reads any more: by SIGPIPE.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "tools/server/live/limits.hpp"
#include "tools/server/live/load/sign.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds batch_time{200};

std::atomic<bool> stopped{false};

std::optional<int> number_in(const char* text, lab::live::Range range) {
  int value = 0;
  const char* const end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, value);
  if (error != std::errc() || rest != end || !range.has(value)) return std::nullopt;
  return value;
}

void print(const nlohmann::json& line) {
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

// A server ignores or blocks what it waits for elsewhere, and its children inherit that.
void heed_signals() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGINT, SIG_IGN);  // the terminal's key is for the server, which then ends this
  std::signal(SIGTERM, [](int) { stopped = true; });
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGPIPE);
  (void)sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

nlohmann::json sample_of(const std::vector<std::unique_ptr<lab::load::Sign>>& signs) {
  nlohmann::json sample;
  for (const auto& sign : signs) {
    if (const auto reading = sign->reading())
      sample["signs"][sign->name()] = {{"expected", reading->expected}, {"counted", reading->counted}};
    if (const auto latency = sign->latency())
      sample["latency"][sign->name()] = {
          {"median_us", latency->median_us}, {"p95_us", latency->p95_us}, {"longest_us", latency->longest_us}};
  }
  return sample;
}

void put_under_load(const lab::live::LoadRequest& load) {
  lab::load::Crew crew(static_cast<unsigned>(load.threads));
  const auto signs = lab::load::all_signs();
  const double asked = load.operations_per_second * Seconds(batch_time).count();
  const Clock::time_point begun = Clock::now();
  const Clock::time_point end = begun + std::chrono::seconds(load.seconds);
  std::uint64_t operations = 0;
  for (int sample = 1; !stopped && Clock::now() < end; ++sample) {
    const Clock::time_point batch_begun = Clock::now();
    std::uint64_t done = 0;
    for (const auto& sign : signs) {
      if (!stopped) done += sign->perform(crew, static_cast<unsigned>(asked * sign->share() / 100));
    }
    if (stopped) break;
    operations += done;
    nlohmann::json line = sample_of(signs);
    line["sample"] = sample;
    line["seconds"] = Seconds(Clock::now() - begun).count();
    line["operations"] = operations;
    print(line);
    // A batch that did more than was asked, since threads need some work to meet at all, makes the pause longer. One
    // that took too long is not made up for: the rate is a bound.
    const Seconds pause =
        std::max<Seconds>(batch_time, Seconds(static_cast<double>(done) / load.operations_per_second));
    std::this_thread::sleep_until(std::min(end, batch_begun + std::chrono::duration_cast<Clock::duration>(pause)));
  }
  print({{"ended", stopped ? "stopped" : "time"}});
}

}  // namespace

int main(int argc, char** argv) {
  using namespace lab::live;
  const auto seconds = argc == 4 ? number_in(argv[1], seconds_range) : std::nullopt;
  const auto operations = argc == 4 ? number_in(argv[2], operations_range) : std::nullopt;
  const auto threads = argc == 4 ? number_in(argv[3], threads_range) : std::nullopt;
  if (!seconds || !operations || !threads) {
    fmt::print(stderr, "usage: {} SECONDS ({}-{}) OPERATIONS_PER_SECOND ({}-{}) THREADS ({}-{})\n", argv[0],
               seconds_range.least, seconds_range.most, operations_range.least, operations_range.most,
               threads_range.least, threads_range.most);
    return 2;
  }
  heed_signals();
  put_under_load({*seconds, *operations, *threads});
  return 0;
}
