// load_fixed and load_buggy, run as the server runs them.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "tools/process/process.hpp"
#include "tools/server/live/verdict.hpp"

using namespace lab;

namespace {

struct Loaded {
  process::Ran ran;
  std::vector<nlohmann::json> samples;
  std::string last_line;
};

Loaded put_under_load(const std::string& program, const std::vector<std::string>& arguments,
                      const std::function<void(pid_t, std::size_t)>& on_sample = {}) {
  Loaded loaded;
  process::Command command;
  command.words = {program};
  command.words.insert(command.words.end(), arguments.begin(), arguments.end());
  command.limit = std::chrono::seconds(60);
  pid_t number = 0;
  command.on_start = [&](pid_t started) { number = started; };
  loaded.ran = process::run(command, [&](const std::string& line) {
    loaded.last_line = line;
    if (const auto sample = live::sample_in(line)) loaded.samples.push_back(*sample);
    if (on_sample) on_sample(number, loaded.samples.size());
  });
  return loaded;
}

std::set<std::string> signs_shown(const nlohmann::json& sample) {
  std::set<std::string> shown;
  for (const auto& [name, reading] : sample.at("signs").items())
    if (reading.at("expected") != reading.at("counted")) shown.insert(name);
  return shown;
}

}  // namespace

TEST_CASE("no sample of fixed has a difference, whatever the load", "[live]") {
  struct Load {
    const char* rate;
    const char* threads;
  };
  for (const Load load : {Load{"5000", "4"}, Load{"10000", "8"}, Load{"100", "2"}, Load{"2000", "3"}}) {
    const Loaded loaded = put_under_load(LAB_LOAD_FIXED, {"3", load.rate, load.threads});
    CHECK(loaded.ran.status == 0);
    CHECK(loaded.last_line == R"({"ended":"time"})");
    REQUIRE_FALSE(loaded.samples.empty());
    for (const nlohmann::json& sample : loaded.samples) {
      INFO(sample.dump());
      CHECK(signs_shown(sample).empty());
    }
    const auto& signs = loaded.samples.back().at("signs");
    for (const char* busy : {"counters", "data", "hits", "logouts"}) CHECK(signs.at(busy).at("expected") > 0);
  }
}

TEST_CASE("a run of buggy shows each of the five signs", "[live]") {
  const Loaded loaded = put_under_load(LAB_LOAD_BUGGY, {"8", "5000", "4"});
  REQUIRE_FALSE(loaded.samples.empty());
  const auto shown = signs_shown(loaded.samples.back());
  for (const char* sign : {"counters", "data", "memory", "metrics", "logouts"}) {
    INFO(loaded.samples.back().dump());
    CHECK(shown.count(sign) == 1);
  }
}

TEST_CASE("a load keeps to its rate and its time", "[live]") {
  const Loaded loaded = put_under_load(LAB_LOAD_FIXED, {"4", "1000", "2"});
  REQUIRE_FALSE(loaded.samples.empty());
  const auto& last = loaded.samples.back();
  // Each batch is paid for by the pause after it, so only the last one can be beyond the rate.
  const double batch = last.at("operations").get<double>() / static_cast<double>(loaded.samples.size());
  CHECK(last.at("operations").get<double>() <= 1000 * last.at("seconds").get<double>() + 2 * batch);
  CHECK(loaded.samples.size() <= 4 * 5 + 1);
}

TEST_CASE("a load that is told to end ends within a batch, and says so", "[live]") {
  const Loaded loaded = put_under_load(LAB_LOAD_FIXED, {"60", "1000", "2"}, [](pid_t number, std::size_t samples) {
    if (samples == 1) (void)::kill(number, SIGTERM);
  });
  CHECK(loaded.ran.status == 0);
  CHECK_FALSE(loaded.ran.over_time);
  CHECK(loaded.last_line == R"({"ended":"stopped"})");
}

TEST_CASE("a load ends when nobody reads what it prints", "[live]") {
  process::Command command;
  command.words = {"sh", "-c", fmt::format("'{}' 60 1000 2 | head -n 1", LAB_LOAD_FIXED)};
  command.limit = std::chrono::seconds(30);
  CHECK(process::run(command).ok());
}

TEST_CASE("a load beyond the limits is a usage error", "[live]") {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{{},
                                                                                         {"1", "1000"},
                                                                                         {"0", "1000", "2"},
                                                                                         {"61", "1000", "2"},
                                                                                         {"1", "99", "2"},
                                                                                         {"1", "10001", "2"},
                                                                                         {"1", "1000", "1"},
                                                                                         {"1", "1000", "9"},
                                                                                         {"1x", "1000", "2"},
                                                                                         {"1", "1000", "2", "3"}}) {
    const Loaded loaded = put_under_load(LAB_LOAD_FIXED, arguments);
    CHECK(loaded.ran.status == 2);
    CHECK(loaded.last_line ==
          fmt::format("usage: {} SECONDS (1-60) OPERATIONS_PER_SECOND (100-10000) THREADS (2-8)", LAB_LOAD_FIXED));
  }
}
