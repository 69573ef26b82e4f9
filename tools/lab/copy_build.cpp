#include "tools/lab/copy_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include "tools/exercises/includes.hpp"
#include "tools/exercises/includes_ahead.hpp"
#include "tools/exercises/recipe.hpp"
#include "tools/lab/randomisation.hpp"
#include "tools/lab/suite_build.hpp"
#include "tools/process/content.hpp"
#include "tools/process/file_lock.hpp"

namespace lab::cli {

namespace fs = std::filesystem;
using exercises::Recipe;

namespace {

constexpr std::size_t compiler_words_max = 64 * 1024;
// Some ten times what it takes on a busy machine: a compiler that runs for longer will not end.
constexpr auto compile_limit = std::chrono::minutes(3);

using Unwanted = std::function<bool()>;

bool is_newer(const fs::path& file, const fs::path& than) {
  std::error_code error;
  const auto own = fs::last_write_time(file, error);
  if (error) return false;
  const auto other = fs::last_write_time(than, error);
  return !error && own > other;
}

// The words of a compiler as a terminal may have them.
std::string words_of(const process::Ran& ran) {
  std::string words = ran.output;
  if (ran.output_cut) words += "\n... and more\n";
  if (ran.over_time) words += fmt::format("\nit had not ended after {} minutes\n", compile_limit.count());
  return words;
}

// The compiler has an opinion on the copy: status 1. All else (it is not there, it was killed, it crashed) has not.
bool is_refusal(const process::Ran& ran) {
  return ran.over_time || (ran.started && ran.signal == 0 && ran.status == 1);
}

process::Command limited(process::Command command, const Unwanted& unwanted) {
  command.limit = compile_limit;
  command.output_max = compiler_words_max;
  command.unwanted = unwanted;
  return command;
}

// What the copy includes first, compiled ahead: a third of its compilation. Empty where it can't be done.
fs::path includes_of(const Recipe& recipe, const Workspace& workspace, const Unwanted& unwanted) {
  // With a common/ beside it the copy includes other files than anybody else.
  if (fs::exists(workspace.work() / "common")) return {};
  const std::string includes = exercises::leading_includes(
      process::content_of(workspace.work() / "session_manager.hpp"), process::content_of(workspace.source()));
  const auto compile = [&](const std::vector<std::string>& words, const fs::path&, const std::vector<fs::path>&) {
    return process::run(limited({.words = words, .folder = "/"}, unwanted));
  };
  // The suite is built anew whenever a header that it includes has changed.
  std::error_code unknown;
  const auto built = fs::last_write_time(recipe.original(exercises::Program::suite), unknown);
  return exercises::includes_ahead(workspace.ahead(), includes, recipe.compiler(), workspace.root(), compile, built);
}

process::Ran compile_copy(const Recipe& recipe, const Workspace& workspace, const fs::path& object,
                          const Unwanted& unwanted) {
  const auto compile = [&](const std::vector<std::string>& options) {
    return process::run(limited(recipe.compile(workspace.source(), object, options), unwanted));
  };
  const fs::path ahead = includes_of(recipe, workspace, unwanted);
  if (!ahead.empty()) {
    process::Ran ran = compile({"-include-pch", ahead.string()});
    if (ran.ok() || ran.cancelled || ran.over_time) return ran;
  }
  // A refusal is the compiler's own, of the copy alone. If there is none, what was compiled ahead is outdated.
  process::Ran ran = compile({});
  if (ran.ok() && !ahead.empty()) fs::remove_all(ahead.parent_path());
  return ran;
}

CopyBuilt failure(const process::Ran& ran, const std::string& what) {
  if (ran.cancelled) return {CopyBuilt::How::cancelled, {}, ""};
  if (is_refusal(ran)) return {CopyBuilt::How::refused, {}, words_of(ran)};
  return {CopyBuilt::How::broken, {}, fmt::format("{} ended with status {}:\n{}", what, ran.status, words_of(ran))};
}

}  // namespace

CopyBuilt build_copy(const Context& context, const Workspace& workspace, const Unwanted& unwanted,
                     const std::function<void(const std::string&)>& say) {
  using How = CopyBuilt::How;
  const SuiteBuild suite{
      "explore", "tsan", {Recipe::target(exercises::Program::suite), Recipe::target(exercises::Program::explored)}};
  if (std::string broken = build_suite(context, suite, unwanted, say); !broken.empty())
    return {How::broken, {}, std::move(broken)};
  if (unwanted && unwanted()) return {How::cancelled, {}, ""};
  const auto recipe = Recipe::read(workspace.build(), context.root / "fixed");
  if (!recipe) return {How::broken, {}, recipe.error()};
  if (!make_tsan_start(recipe->original(exercises::Program::suite)))
    return {How::broken, {}, "ThreadSanitizer does not start"};

  const fs::path made = workspace.made();
  fs::create_directories(made);
  const process::FileLock lock(made / ".lock");
  const fs::path object = made / "session_manager.o", beside = made / "session_manager.new.o";
  const process::Ran compiled = compile_copy(*recipe, workspace, beside, unwanted);
  if (!compiled.ok()) return failure(compiled, "the compiler");
  const bool same = fs::exists(object) && process::content_of(object) == process::content_of(beside);
  if (same) {
    fs::remove(beside);
  } else {
    fs::rename(beside, object);
  }

  CopyBuilt built{How::built,
                  {(made / "explored").string(), (made / "suite").string(), workspace.source().string()},
                  words_of(compiled)};
  std::array<process::Ran, 2> linked;
  const auto link = [&](exercises::Program program, const std::string& output) {
    process::Ran& ran = linked[static_cast<std::size_t>(program)];
    ran.started = true;
    ran.status = 0;
    if (is_newer(output, object) && is_newer(output, recipe->original(program))) return;
    ran = process::run(limited(recipe->link(program, {object}, output + ".new"), unwanted));
    if (ran.ok()) fs::rename(output + ".new", output);
  };
  {
    std::thread other(link, exercises::Program::suite, built.programs.one_thread);
    link(exercises::Program::explored, built.programs.explored);
    other.join();
  }
  for (const process::Ran& ran : linked)
    if (!ran.ok()) return failure(ran, "the linker");
  return built;
}

}  // namespace lab::cli
