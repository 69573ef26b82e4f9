#include <fmt/format.h>

#include <algorithm>

#include "tools/exercises/hints.hpp"
#include "tools/lab/complain.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/progress.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

Status hint(const Context& context, const HintOptions& options) {
  const Workspace workspace(context);
  const auto index = workspace.index();
  if (!index) return complain(could_not_judge, index.error());
  Progress progress(workspace.work());
  std::string named = options.exercise;
  for (const exercises::Exercise& one : index->exercises)
    if (named.empty() && !progress.is_green(one.id)) named = one.id;
  if (named.empty()) named = index->exercises.back().id;
  const auto exercise = find_exercise(*index, named);
  if (!exercise) return complain(usage, exercise.error());
  const auto hints = exercises::read_hints(workspace.page(**exercise, "hints.md").string());
  if (!hints) return complain(could_not_judge, hints.error());

  const std::string& id = (*exercise)->id;
  const std::size_t seen = std::min(progress.hints(id), hints->size());
  if (options.number > hints->size()) {
    return complain(usage, fmt::format("exercise {} has {} hints, and no hint {}", id, hints->size(), options.number));
  }
  const bool again = options.number == 0 && seen == hints->size();
  const std::size_t number = options.number != 0 ? options.number : again ? seen : seen + 1;
  fmt::print("Hint {} of {} for {} {}\n\n{}\n", number, hints->size(), id, (*exercise)->title, (*hints)[number - 1]);
  if (again) {
    fmt::print("\nThat was the last. Show an earlier one: ./lab hint {} --number 1. The page: {}\n", id,
               Workspace::shown(workspace.page(**exercise, "README.md")));
  }
  std::error_code error;
  if (std::filesystem::exists(workspace.work(), error) && number > seen) {
    progress.set_hints(id, number);
    progress.save();
  }
  return passed;
}

}  // namespace lab::cli
