#include "tools/exercises/recipe.hpp"

#include <unistd.h>
#include <wordexp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace lab::exercises {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Known {
  const char* target;
  const char* path;  // in the build folder
};
constexpr std::array all_known = {
    Known{"suite_fixed", "tests/suite_fixed"}, Known{"explored_fixed", "tests/explored/explored_fixed"},
    Known{"generated_fixed", "tests/generated/generated_fixed"}, Known{"serve_fixed", "tools/server/serve_fixed"}};
static_assert(all_known.size() == program_count);
// A compilation takes some 10 s; a machine that needs 10 minutes for one can't judge anything.
constexpr std::chrono::minutes build_limit{10};

const Known& known(Program program) { return all_known[static_cast<std::size_t>(program)]; }

// As a shell splits the command. Ninja puts it between ": && " and " && :".
Words split(std::string command) {
  const std::string before = ": && ", after = " && :";
  if (command.starts_with(before)) command.erase(0, before.size());
  if (command.ends_with(after)) command.erase(command.size() - after.size());
  wordexp_t expanded{};
  if (::wordexp(command.c_str(), &expanded, WRDE_NOCMD | WRDE_UNDEF) != 0)
    throw std::runtime_error("a command of another form than expected: " + command);
  Words words(expanded.we_wordv, expanded.we_wordv + expanded.we_wordc);
  ::wordfree(&expanded);
  return words;
}

Words compile_words(const fs::path& folder, const fs::path& source) {
  std::ifstream in(folder / "compile_commands.json");
  for (const auto& entry : nlohmann::json::parse(in)) {
    std::error_code unequal;
    const std::string command = entry.at("command");
    // An implementation may be compiled for other programs too; the library's object is the one that these link.
    if (!fs::equivalent(entry.at("file").get<std::string>(), source, unequal) ||
        command.find("lab_fixed.dir") == std::string::npos)
      continue;
    Words words;
    const Words all = split(command);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string& word = all[i];
      if (word == "-o" || word == "-MF" || word == "-MT" || word == "-c") {
        ++i;  // and what follows
      } else if (word != "-MD" && word != "-Werror") {
        words.push_back(word);
      }
    }
    return words;
  }
  throw std::runtime_error("no command compiles " + source.string());
}

Words link_words(const fs::path& folder, Program program) {
  const process::Ran ran = process::run(
      {.words = {"ninja", "-t", "commands", "-s", known(program).path}, .folder = folder, .limit = build_limit});
  std::istringstream lines(ran.output);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" -o ") != std::string::npos) last = line;
  }
  if (!ran.ok() || last.empty()) throw std::runtime_error(std::string("it has no ") + known(program).path);
  Words words = split(last);
  const auto archive = std::find_if(words.begin(), words.end(),
                                    [](const std::string& word) { return word.ends_with("liblab_fixed.a"); });
  const auto option = std::find(words.begin(), words.end(), "-o");
  if (archive == words.end() || words.end() - option < 2)
    throw std::runtime_error("a command of another form than expected: " + last);
  archive->clear();
  (option + 1)->clear();
  return words;
}

bool is_in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  return false;
}

// Of the processor time that the usual linker takes for one of the programs, lld takes a third, and gold a half. Empty
// where there is neither.
std::string quick_linker() {
  for (const char* const linker : {"lld", "gold"})
    if (is_in_path(std::string("ld.") + linker)) return std::string("-fuse-ld=") + linker;
  return "";
}

}  // namespace

tl::expected<Recipe, std::string> Recipe::read(const fs::path& build_folder, const fs::path& fixed_folder,
                                               const std::vector<Program>& programs) {
  Recipe recipe;
  recipe.folder_ = fs::absolute(build_folder);
  try {
    recipe.compile_ = compile_words(recipe.folder_, fs::absolute(fixed_folder) / "session_manager.cpp");
    for (const Program program : programs) {
      recipe.link_[static_cast<std::size_t>(program)] = link_words(recipe.folder_, program);
      if (!fs::exists(recipe.original(program)))
        throw std::runtime_error(recipe.original(program).string() + " is not built");
    }
  } catch (const std::exception& error) {
    return tl::unexpected(build_folder.string() + " can't be built from: " + error.what());
  }
  return recipe;
}

fs::path Recipe::original(Program program) const { return folder_ / known(program).path; }

const char* Recipe::target(Program program) { return known(program).target; }

process::Command Recipe::compile(const fs::path& source, const fs::path& object, const Words& more) const {
  // Of a source below the folder that it is compiled in, clang writes down where it is from there, and libbacktrace
  // does not say from where: nobody would find its lines.
  process::Command command{.words = compile_, .folder = "/", .limit = build_limit};
  command.words.insert(command.words.end(), more.begin(), more.end());
  command.words.insert(command.words.end(), {"-o", fs::absolute(object).string(), "-c", fs::absolute(source).string()});
  return command;
}

process::Command Recipe::link(Program program, const std::vector<fs::path>& objects, const fs::path& output) const {
  process::Command command{.words = {}, .folder = folder_, .limit = build_limit};
  bool output_follows = false;
  for (const std::string& word : link_[static_cast<std::size_t>(program)]) {
    if (!word.empty()) {
      command.words.push_back(word);
    } else if (output_follows) {
      command.words.push_back(fs::absolute(output).string());
    } else {
      for (const fs::path& object : objects) command.words.push_back(fs::absolute(object).string());
    }
    output_follows = word == "-o";
  }
  if (const std::string linker = quick_linker(); !linker.empty()) command.words.push_back(linker);
  return command;
}

}  // namespace lab::exercises
