#include "tests/mutants/build.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tests/mutants/files.hpp"
#include "tests/mutants/process.hpp"

namespace lab::mutants {
namespace {

namespace fs = std::filesystem;

constexpr std::array programs = {"tests/suite_fixed", "tests/explored/explored_fixed"};  // in the build folder
// A compilation takes some 10 s; a machine that needs 10 minutes for one can't judge anything.
constexpr std::chrono::seconds build_limit{600};

const char* path_of(Program program) { return programs[static_cast<std::size_t>(program)]; }

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

// Replaces the words of a shell command that satisfy `which`; none is an error.
template <class Which>
std::string with_word_replaced(const std::string& command, Which which, const std::string& by) {
  std::istringstream words(command);
  std::string result;
  bool replaced = false;
  for (std::string word; words >> word;) {
    const bool is_one = which(word);
    replaced |= is_one;
    result += (result.empty() ? "" : " ") + (is_one ? by : word);
  }
  if (!replaced) throw std::runtime_error("a command of another form than expected: " + command);
  return result;
}

// Replaces the word after -o.
std::string with_output(const std::string& command, const std::string& output) {
  bool follows = false;
  return with_word_replaced(
      command, [&](const std::string& word) { return std::exchange(follows, word == "-o"); }, output);
}

std::string compile_command(const fs::path& source, const fs::path& build_folder) {
  for (const auto& entry : nlohmann::json::parse(read_file(build_folder / "compile_commands.json"))) {
    std::error_code unequal;
    // An implementation may be compiled for other programs too; the library's object is the one that these link.
    const std::string output = entry.value("output", entry.at("command").get<std::string>());
    if (fs::equivalent(entry.at("file").get<std::string>(), source, unequal) &&
        output.find("lab_fixed.dir") != std::string::npos) {
      return entry.at("command");
    }
  }
  throw std::runtime_error(fmt::format("{} has no command for {}", build_folder.string(), source.string()));
}

std::string link_command(Program program, const fs::path& build_folder) {
  const Ran ran = run({"ninja", "-t", "commands", "-s", path_of(program)}, build_folder, build_limit);
  std::istringstream lines(ran.output);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" -o ") != std::string::npos) last = line;
  }
  if (!ran.ok() || last.empty()) {
    throw std::runtime_error(fmt::format("{} has no {}: {}", build_folder.string(), path_of(program), ran.output));
  }
  return last;
}

}  // namespace

Build::Build(fs::path fixed_folder, fs::path build_folder)
    : fixed_folder_(fs::absolute(fixed_folder)), build_folder_(fs::absolute(build_folder)) {
  compile_command_ = compile_command(fixed_folder_ / "session_manager.cpp", build_folder_);
  for (const Program program : {Program::suite, Program::explored}) {
    link_commands_[static_cast<std::size_t>(program)] = link_command(program, build_folder_);
    if (!fs::exists(original(program))) throw std::runtime_error(original(program).string() + " is not built");
  }
}

fs::path Build::original(Program program) const { return build_folder_ / path_of(program); }

std::string Build::compile(const Mutant& mutant, const fs::path& folder) const {
  fs::create_directories(folder);
  for (const char* file : {"session_manager.hpp", "session_manager.cpp"}) {
    write_file(folder / file, file == mutant.file ? mutant.text : read_file(fixed_folder_ / file));
  }
  const fs::path original = fixed_folder_ / "session_manager.cpp";
  const auto is_source = [&](const std::string& word) { return word == original.string(); };
  std::string command =
      with_word_replaced(compile_command_, is_source, quoted((folder / "session_manager.cpp").string()));
  command = with_output(command, quoted((folder / "session_manager.o").string()));
  // A mutant need not be free of warnings: that a lock is missing is what clang's analysis is there to say.
  const Ran ran = run({"sh", "-c", command + " -w -Wno-error"}, build_folder_, build_limit);
  return ran.ok() ? "" : ran.output + (ran.timed_out ? " (stopped at its limit)" : "");
}

fs::path Build::link(Program program, const fs::path& folder) const {
  const fs::path output = folder / original(program).filename();
  if (fs::exists(output)) return output;
  const auto is_archive = [](const std::string& word) { return word.ends_with("liblab_fixed.a"); };
  std::string command = with_word_replaced(link_commands_[static_cast<std::size_t>(program)], is_archive,
                                           quoted((folder / "session_manager.o").string()));
  const Ran ran = run({"sh", "-c", with_output(command, quoted(output.string()))}, build_folder_, build_limit);
  if (!ran.ok()) throw std::runtime_error("the mutant can't be linked: " + ran.output);
  return output;
}

}  // namespace lab::mutants
