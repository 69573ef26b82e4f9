// The timeline page of a run, as the commands write it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/index.hpp"
#include "tools/explorer/timeline_of.hpp"
#include "tools/timeline/page.hpp"

namespace lab::cli {

// The report with its timeline; `schedule` is the run to be shown, null: the plainest. With `play`, every schedule is
// recorded, as far as those limits let it. Throws what running the program throws. The error is a sentence.
tl::expected<nlohmann::json, std::string> timeline_of_program(const explorer::Program& program,
                                                              const std::string& called, const explorer::Report& report,
                                                              const explorer::Options& options,
                                                              const explorer::Plan* schedule,
                                                              const std::optional<explorer::PlayLimits>& play);

// The finding's timeline, which it has, as one of the exercise's claim: with its name, and the command that replays it.
nlohmann::json of_claim(const exercises::Exercise& exercise, const exercises::Finding& finding);

// Writes the page of a report that has a timeline, beside and renamed. The error is a sentence.
tl::expected<void, std::string> write_timeline(const std::filesystem::path& file, const nlohmann::json& report,
                                               const std::vector<timeline::Beside>& beside = {});

}  // namespace lab::cli
