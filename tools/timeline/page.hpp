// The timeline page: what a report says of a run, to step through and to play with. One HTML file that needs nothing
// else: no network, no other file. Its policy lets nothing run but its own script, so that whatever stands in names,
// source lines or messages is only text. Thread safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab::timeline {

// A page that lies beside this one.
struct Beside {
  std::string file;  // its name, without folders
  std::string text;  // "The same on fixed"
};

// `report` is a report with the object "timeline" of schema 1 (docs/reference/timeline.md). The error is a sentence: it
// has none, or one of another schema.
tl::expected<std::string, std::string> page(const nlohmann::json& report, const std::vector<Beside>& beside = {});

}  // namespace lab::timeline
