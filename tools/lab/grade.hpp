// The instructor's commands: one submission, or a class of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "tools/grader/formats/gradescope.hpp"
#include "tools/lab/commands.hpp"

namespace lab::cli {

// Where to write the report, in which forms; empty: not.
struct GradeFiles {
  std::filesystem::path json, html, junit, sarif, gradescope, prairielearn;
  std::filesystem::path timelines;  // a folder for a page of each failing schedule
  bool autolab = false;             // the last line of standard output
};

struct GradeCommandOptions {
  std::filesystem::path path;  // a folder or an archive
  GradeFiles files;
  grader::formats::GradescopeOptions gradescope;
  std::uint64_t seed = 0;   // 0: drawn
  std::size_t workers = 0;  // 0: as many as there are processors
  std::string replay;       // instead: run this schedule of a claim again, step by step
};
Status grade(const Context& context, const GradeCommandOptions& options);

struct GradeClassOptions {
  std::filesystem::path folder;
  std::filesystem::path out;  // empty: grades/ beside the folder, named after it
  std::size_t workers = 0;
  bool again = false;
};
Status grade_class(const Context& context, const GradeClassOptions& options);

}  // namespace lab::cli
