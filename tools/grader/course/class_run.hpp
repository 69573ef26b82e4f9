// A folder of submissions, graded; after an end at any moment, gone on with.
//
//   OUT/reports/NAME.json     the report of DIR/NAME, written beside and renamed
//   OUT/pages/NAME.html       the same as a page
//   OUT/previous/NAME.json    the report that it replaced, where one was graded again
//   OUT/gradebook.csv, OUT/class.html, OUT/differences.json
//
// A report is kept, and its submission not graded, as long as the submission and the lab are the same (its
// "fingerprint") and it could be judged.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/grader/judging/grade.hpp"

namespace lab::grader {

// What in the folder is taken for a submission: each sub-folder and each archive, by name; not what begins with a dot.
// The error is a sentence: there is no such folder, or nothing in it.
tl::expected<std::vector<std::filesystem::path>, std::string> submissions_in(const std::filesystem::path& folder);

struct ClassOptions {
  std::filesystem::path out;
  std::size_t workers = 0;  // submissions at once; 0: as many as the machine has processors
  unsigned retries = 2;     // of what could not be judged
  bool again = false;       // grade also what has a report
  GradeOptions each = {};
  // So many of all are done, the last of which is NAME with its report. Called by any thread, one at a time.
  std::function<void(std::size_t done, std::size_t all, const std::string& name, const nlohmann::json& report)>
      progress = {};
};

struct ClassRun {
  std::size_t passed = 0, failed = 0, could_not_judge = 0;
  std::size_t kept = 0;  // of these, reports from before
};

// What grades them. Both are called by several threads at once.
struct Judgement {
  std::function<nlohmann::json(const std::filesystem::path& submission)> grade;
  std::function<std::string(const std::filesystem::path& submission)> fingerprint;  // Grader::fingerprint
};

// The error is a sentence: OUT can't be written to. Two runs over one OUT wait for each other.
tl::expected<ClassRun, std::string> grade_class(const Judgement& judgement, const std::filesystem::path& folder,
                                                const ClassOptions& options);
tl::expected<ClassRun, std::string> grade_class(const Grader& grader, const std::filesystem::path& folder,
                                                const ClassOptions& options);

}  // namespace lab::grader
