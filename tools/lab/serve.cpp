#include "tools/lab/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <tl/expected.hpp>

#include "tools/exercises/recipe.hpp"
#include "tools/lab/suite_build.hpp"
#include "tools/lab/workspace.hpp"
#include "tools/process/file_lock.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;
using exercises::Recipe;

struct Broken {
  Status status;
  std::string words;
};

constexpr auto build_limit = std::chrono::minutes(10);

// The program with the working copy in the place of fixed, built as the release preset builds that.
tl::expected<fs::path, Broken> build_work(const Context& context) {
  const Workspace workspace(context);
  if (const auto readable = workspace.readable(); !readable) return tl::unexpected(Broken{usage, readable.error()});
  const auto recipe = Recipe::read(context.root / "build/release", context.root / "fixed", {exercises::Program::serve});
  if (!recipe) return tl::unexpected(Broken{could_not_judge, recipe.error()});
  const fs::path made = workspace.made() / "serve";
  fs::create_directories(made);
  const process::FileLock lock(made / ".lock");
  const fs::path object = made / "session_manager.o", program = made / "serve_work";
  process::Command compile = recipe->compile(workspace.source(), object);
  compile.limit = build_limit;
  const process::Ran compiled = process::run(compile);
  if (!compiled.ok()) return tl::unexpected(Broken{failed, "your copy does not compile:\n" + compiled.output});
  // Beside and renamed: one that serves from the old file goes on.
  const fs::path beside = made / "serve_work.new";
  process::Command link = recipe->link(exercises::Program::serve, {object}, beside);
  link.limit = build_limit;
  const process::Ran linked = process::run(link);
  if (!linked.ok()) return tl::unexpected(Broken{failed, "your copy does not link:\n" + linked.output});
  fs::rename(beside, program);
  return program;
}

[[nodiscard]] Status become(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  ::execv(pointers[0], pointers.data());
  fmt::print(stderr, "lab: {} can't be started: {}\n", words[0], std::strerror(errno));
  return could_not_judge;
}

}  // namespace

Status serve(const Context& context, const ServeOptions& options) {
  const std::string of = options.implementation == "work" ? "fixed" : options.implementation;
  const std::string target = options.lose.empty() ? "serve_" + of : "lose_updates";
  const auto say = [](const std::string&) { fmt::print(stderr, "lab: the server is built, once\n"); };
  const fs::path built = context.root / "build/release/tools/server" / target;
  if (!fs::exists(built)) say("");
  if (const std::string broken =
          build_suite(context, {"release", "release", {target, "load_buggy", "load_fixed"}}, {}, say);
      !broken.empty()) {
    fmt::print(stderr, "lab: {}\n", broken);
    return could_not_judge;
  }
  std::vector<std::string> words;
  if (!options.lose.empty()) {
    words = {built.string(), options.lose};
  } else {
    fs::path program = built;
    if (options.implementation == "work") {
      const auto made = build_work(context);
      if (!made) {
        fmt::print(stderr, "lab: {}\n", made.error().words);
        return made.error().status;
      }
      program = *made;
    }
    fs::path database = options.database;
    if (database.empty()) {
      database = context.root / "build/serve" / (options.implementation + ".sqlite");
      fs::create_directories(database.parent_path());
    }
    words = {program.string(),
             "--name",
             options.implementation,
             "--database",
             Workspace::shown(database),
             "--load",
             (context.root / "build/release/tools/server/live/load").string(),
             "--root",
             context.root.string()};
  }
  words.insert(words.end(), options.more.begin(), options.more.end());
  return become(std::move(words));
}

}  // namespace lab::cli
