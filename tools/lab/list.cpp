#include <fmt/format.h>

#include "tools/lab/complain.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/progress.hpp"
#include "tools/lab/verdicts.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

Status list(const Context& context) {
  const Workspace workspace(context);
  const auto index = workspace.index();
  if (!index) return complain(could_not_judge, index.error());
  const Paint paint;
  const Progress progress(workspace.work());
  int green = 0;
  for (const exercises::Exercise& exercise : index->exercises) {
    const std::string verdict = progress.verdict(exercise.id);
    std::string stands = verdict == "passed" ? "green" : verdict == "failed" ? "red" : verdict.empty() ? "-" : "?";
    stands = fmt::format("{:<6}", stands);
    if (verdict == "passed") {
      stands = paint.green(stands);
      ++green;
    }
    if (verdict == "failed") stands = paint.red(stands);
    fmt::print("{}  {} {:<20} {:>3} points  {:>3} min  {}\n", exercise.id, stands, exercise.title, exercise.points,
               exercise.minutes, exercise.teaches);
  }
  std::error_code error;
  if (!std::filesystem::exists(workspace.work(), error)) {
    fmt::print("\nThere is no working copy yet: ./lab start makes it.\n");
  } else {
    fmt::print("\n{} of {} green, as the last checks had it: ./lab check looks anew.\n", green,
               index->exercises.size());
  }
  return passed;
}

}  // namespace lab::cli
