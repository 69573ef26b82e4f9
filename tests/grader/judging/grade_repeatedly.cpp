// Grades each submission several times, and says where two reports of it differ in more than time and chance.
//
//   grade_repeatedly [--times N] [--out FOLDER] SUBMISSION...
//
// What may differ: the seconds, the seed, and in an account and a summary the values that are drawn anew for each
// grade. Exit status: 0 all reports of a submission are the same, 1 they are not.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "tools/grader/judging/grade.hpp"

namespace fs = std::filesystem;
using namespace lab::grader;
using nlohmann::json;

namespace {

// A salt begins with what no key has (tools/grader/judging/sandbox_runner.cpp), and the seeds of generated programs are
// drawn.
std::string without_chance(const std::string& text) {
  static const std::regex salts("!?[0-9a-f]{16}"), addresses("0x[0-9a-f]+"), numbers("(pid|seed|--seed)[ =]?[0-9]+");
  std::string plain = std::regex_replace(text, salts, "SALT");
  plain = std::regex_replace(plain, addresses, "ADDRESS");
  return std::regex_replace(plain, numbers, "$1 N");
}

void normalise(json& value) {
  if (value.is_string()) {
    value = without_chance(value.get<std::string>());
  } else if (value.is_structured()) {
    for (const char* const chance : {"seconds", "seed"})
      if (value.is_object()) value.erase(chance);
    for (json& part : value) normalise(part);
  }
}

}  // namespace

int main(int argc, char** argv) {
  unsigned times = 5;
  fs::path out;
  std::vector<fs::path> submissions;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--times" && i + 1 < argc) {
      times = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
    } else if (word == "--out" && i + 1 < argc) {
      out = argv[++i];
    } else {
      submissions.emplace_back(word);
    }
  }
  if (submissions.empty() || times == 0) {
    fmt::print("usage: grade_repeatedly [--times N] [--out FOLDER] SUBMISSION...\n");
    return 2;
  }
  Sandbox::Options sandbox_options;
  sandbox_options.confine = LAB_CONFINE;
  const char* const tier = std::getenv("LAB_SANDBOX_TIER");
  sandbox_options.namespaces = tier == nullptr || std::string(tier) != "2";
  const auto sandbox = Sandbox::open(sandbox_options);
  if (!sandbox) return fmt::print("{}\n", sandbox.error()), 3;
  const auto grader = Grader::open(LAB_ROOT, *sandbox, {});
  if (!grader) return fmt::print("{}\n", grader.error()), 3;

  bool same = true;
  for (const fs::path& submission : submissions) {
    json first;
    std::map<std::string, unsigned> scores, places;
    for (unsigned i = 0; i < times; ++i) {
      json report = grader->grade(submission, {});
      if (!out.empty()) {
        fs::create_directories(out);
        std::ofstream(out / fmt::format("{}-{}.json", submission.filename().string(), i))
            << report.dump(2, ' ', false, json::error_handler_t::replace);
      }
      ++scores[report.at("verdict").get<std::string>() + " " + report.at("points").dump()];
      normalise(report);
      if (i == 0) first = report;
      for (const json& one : json::diff(first, report)) ++places[one.at("path").get<std::string>()];
      fmt::print("{} {}: {} {}\n", submission.string(), i + 1, report.at("verdict").get<std::string>(),
                 report.at("points").dump());
      std::fflush(stdout);
    }
    for (const auto& [score, count] : scores) fmt::print("  {} times {}\n", count, score);
    for (const auto& [place, count] : places) fmt::print("  differs {} times: {}\n", count, place);
    same &= scores.size() == 1 && places.empty();
  }
  return same ? 0 : 1;
}
