#include "tools/lab/timeline.hpp"

#include <fmt/format.h>

#include <cctype>

#include "tools/lab/files.hpp"
#include "tools/lab/verdicts.hpp"

namespace lab::cli {

using namespace explorer;

namespace {

std::string sentence_case(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

}  // namespace

tl::expected<nlohmann::json, std::string> timeline_of_program(const explorer::Program& program,
                                                              const std::string& called, const Report& report,
                                                              const Options& options, const Plan* schedule,
                                                              const std::optional<PlayLimits>& play) {
  TimelineWanted wanted;
  wanted.schedule = schedule;
  if (play) {
    wanted.play = [&program] { return whole(program); };
    wanted.limits = *play;
  }
  return timeline_of(report, subject_of(program, called), options, wanted);
}

nlohmann::json of_claim(const exercises::Exercise& exercise, const exercises::Finding& finding) {
  nlohmann::json report = finding.timeline;
  nlohmann::json& timeline = report["timeline"];
  timeline["subject"] = fmt::format("exercise {}: {}", exercise.id, finding.claim);
  // Where an assertion of the claim's stands is no place in what the reader has written.
  if (finding.verdict == "assertion" && !finding.summary.empty()) timeline["title"] = sentence_case(finding.summary);
  const std::string replay = replay_of(exercise, finding);
  timeline["replay"] = replay.empty() ? "" : "./lab replay " + replay;
  return report;
}

tl::expected<void, std::string> write_timeline(const std::filesystem::path& file, const nlohmann::json& report,
                                               const std::vector<timeline::Beside>& beside) {
  const auto page = timeline::page(report, beside);
  if (!page) return tl::unexpected(page.error());
  return write_text(file, *page);
}

}  // namespace lab::cli
