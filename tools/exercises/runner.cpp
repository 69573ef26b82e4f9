#include "tools/exercises/runner.hpp"

#include <filesystem>
#include <fstream>

namespace lab::exercises {
namespace {

// A program that can't write down what it found has not crashed: the machine is at fault. Some hundred times what
// evidence takes.
bool has_room(const std::string& folder) {
  const std::string file = folder + "/room";
  std::ofstream out(file);
  out << std::string(1 << 20, '.');
  const bool written = static_cast<bool>(out.flush());
  out.close();
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  return written;
}

}  // namespace

Answer FileRunner::run(process::Command command) {
  Answer answer;
  const std::string folder = folder_.path().string();
  if (!has_room(folder)) {
    answer.unjudged = "there is no room for evidence in " + folder;
    return answer;
  }
  const std::string file = folder + "/" + std::to_string(++run_) + ".json";
  command.words.insert(command.words.end(), {"--evidence", file});
  answer.ran = process::run(command);
  answer.begun = std::filesystem::exists(file);
  if (!answer.begun) return answer;
  if (auto evidence = read_evidence(file)) {
    answer.evidence = std::move(*evidence);
  } else {
    answer.unjudged = evidence.error();
  }
  return answer;
}

}  // namespace lab::exercises
