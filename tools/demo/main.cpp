// demo_buggy and demo_fixed: run the samples and print what came out as JSON, for ./lab demo to set side by side.
//
//   demo_IMPLEMENTATION ROUNDS
//   [ { "id", "title", "unit", "as_documented", "at_most", "expected", "values": [one a round], "losses": rounds } ]
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tools/demo/samples.hpp"

int main(int argc, char** argv) {
  const int rounds = argc == 2 ? std::atoi(argv[1]) : 0;
  if (rounds < 1) {
    fmt::print(stderr, "usage: {} ROUNDS, at least 1\n", argv[0]);
    return 2;
  }
  nlohmann::json report = nlohmann::json::array();
  for (const lab::demo::Sample& sample : lab::demo::samples()) {
    std::vector<std::int64_t> values;
    int losses = 0;
    for (int round = 0; round < rounds; ++round) {
      values.push_back(sample.run());
      if (!lab::demo::is_right(sample, values.back())) ++losses;
    }
    report.push_back({{"id", sample.id},
                      {"title", sample.title},
                      {"unit", sample.unit},
                      {"as_documented", sample.as_documented},
                      {"at_most", sample.at_most},
                      {"expected", sample.expected},
                      {"values", values},
                      {"losses", losses}});
  }
  fmt::print("{}\n", report.dump());
  return 0;
}
