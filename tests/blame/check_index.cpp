// Checks the index of exercises: its form, that it names claims which there are, that each exercise has its folder
// beside the index, with its pages, and each folder its exercise, and that the pages repeat the index truly.
//
//   check_index INDEX EXPLORED_PROGRAM ONE_THREAD_PROGRAM
//
// Exit status: 0 nothing is wrong · 1 something is · 2 usage.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "tools/exercises/hints.hpp"
#include "tools/exercises/index.hpp"
#include "tools/process/process.hpp"

namespace {

using namespace lab::exercises;
using namespace std::chrono_literals;

// The names of a program's tests, as it lists them one a line: a name of many words is not broken.
std::set<std::string> tests_of(const std::string& program) {
  const lab::process::Ran ran =
      lab::process::run({.words = {program, "--list-tests", "--verbosity", "quiet"}, .limit = 60s});
  std::set<std::string> names;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) names.insert(line);
  return names;
}

int check_names(const Exercise& exercise, const std::vector<std::string>& claims, const std::set<std::string>& tests,
                const std::string& program) {
  int faults = 0;
  for (const std::string& claim : claims) {
    if (tests.contains(claim)) continue;
    fmt::print("exercise {}: {} has no claim \"{}\"\n", exercise.id, program, claim);
    ++faults;
  }
  return faults;
}

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A page has its heading, and these sections in this order.
int check_page(const fs::path& file, const std::string& heading, const std::vector<std::string>& sections) {
  const std::vector<std::string> lines = lines_of(file);
  if (lines.empty() || lines.front() != "# " + heading) {
    fmt::print("{}: it does not begin with \"# {}\"\n", file.string(), heading);
    return 1;
  }
  std::vector<std::string> found;
  for (const std::string& line : lines)
    if (line.starts_with("## ")) found.push_back(line.substr(3));
  if (found == sections) return 0;
  fmt::print("{}: its sections are \"{}\", not \"{}\"\n", file.string(), fmt::join(found, ", "),
             fmt::join(sections, ", "));
  return 1;
}

// What the third line of an exercise's page repeats of the index.
std::string facts_of(const Exercise& exercise) {
  const bool bug = exercise.bug.starts_with("B");
  return fmt::format("{}{} · breaks {} · about {} minutes · you learn: {}", bug ? "" : "Want of ", exercise.bug,
                     fmt::join(exercise.clauses, " and "), exercise.minutes, exercise.teaches);
}

// The claims that a page says to fail: in italics after "- " or, where it is only one, after "One claim fails: ".
std::set<std::string> claims_named(const std::vector<std::string>& page) {
  static const std::regex claim(R"((?:- |One claim fails: )\*([^*]+)\*.*)");
  std::set<std::string> names;
  bool symptom = false;
  for (const std::string& line : page) {
    if (line.starts_with("## ")) symptom = line == "## The symptom";
    std::smatch match;
    if (symptom && std::regex_match(line, match, claim)) names.insert(match[1]);
  }
  return names;
}

int check_facts(const fs::path& file, const Exercise& exercise) {
  const std::vector<std::string> page = lines_of(file);
  int faults = 0;
  const std::string facts = facts_of(exercise);
  if (page.size() < 3 || page[2] != facts) {
    fmt::print("{}: its third line is not \"{}\"\n", file.string(), facts);
    ++faults;
  }
  std::set<std::string> claims(exercise.explored.begin(), exercise.explored.end());
  claims.insert(exercise.one_thread.begin(), exercise.one_thread.end());
  const std::set<std::string> named = claims_named(page);
  for (const std::string& claim : claims) {
    if (named.contains(claim)) continue;
    fmt::print("{}: \"The symptom\" does not name the claim \"{}\"\n", file.string(), claim);
    ++faults;
  }
  for (const std::string& name : named) {
    if (claims.contains(name)) continue;
    fmt::print("{}: \"The symptom\" names \"{}\", which is no claim of the exercise\n", file.string(), name);
    ++faults;
  }
  return faults;
}

// The first code in the hints, or nothing: a block, or a span that is neither a name, as `store_mutex_` and `stop()`
// are, nor a mark.
std::optional<std::string> code_in(const std::vector<std::string>& hints) {
  static const std::regex span("`([^`]*)`");
  static const std::regex name(R"([\w:./]+(\(\))?|BUG B\d+)");
  std::string text;
  for (const std::string& line : hints) {
    if (line.starts_with("```") || line.starts_with("    ")) return line;
    text += line + ' ';
  }
  for (std::sregex_iterator found(text.begin(), text.end(), span), end; found != end; ++found) {
    if (!std::regex_match((*found)[1].str(), name)) return (*found)[0];
  }
  return std::nullopt;
}

int check_hints(const fs::path& file, const Exercise& exercise) {
  const auto hints = read_hints(file.string());
  if (!hints) {
    fmt::print("{}\n", hints.error());
    return 1;
  }
  int faults = 0;
  if (hints->size() != exercise.hints) {
    fmt::print("{}: it has {} hints, and the index says {}\n", file.string(), hints->size(), exercise.hints);
    ++faults;
  }
  // Concept first, code never.
  if (const auto code = code_in(lines_of(file))) {
    fmt::print("{}: it shows code: {}\n", file.string(), *code);
    ++faults;
  }
  return faults;
}

int check_folders(const Index& index, const fs::path& folder) {
  int faults = 0;
  std::set<std::string> listed;
  for (const Exercise& exercise : index.exercises) {
    const std::string name = exercise.id + "-" + exercise.name;
    listed.insert(name);
    const int of_form = check_page(folder / name / "README.md", exercise.id + " " + exercise.title,
                                   {"The story", "The symptom", "Your task", "What to read"});
    faults += of_form == 0 ? check_facts(folder / name / "README.md", exercise) : of_form;
    faults += check_page(folder / name / "debrief.md", "Debrief of " + exercise.id,
                         {"Why it happens", "What ThreadSanitizer sees", "In the wild", "Tempting wrong fixes",
                          "What fixed does", "Look further"});
    faults += check_hints(folder / name / "hints.md", exercise);
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    // A student's copies, of which there may be any number.
    if (!entry.is_directory() || name == "work" || name.starts_with("work.") || listed.contains(name)) continue;
    fmt::print("{}: no exercise is so called\n", entry.path().string());
    ++faults;
  }
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: check_index INDEX EXPLORED_PROGRAM ONE_THREAD_PROGRAM\n");
    return 2;
  }
  const auto index = read_index(argv[1]);
  if (!index) {
    fmt::print("{}\n", index.error());
    return 1;
  }
  const auto explored = tests_of(argv[2]);
  const auto one_thread = tests_of(argv[3]);
  int faults = 0;
  for (const Exercise& exercise : index->exercises) {
    faults += check_names(exercise, exercise.explored, explored, argv[2]);
    faults += check_names(exercise, exercise.one_thread, one_thread, argv[3]);
  }
  faults += check_folders(*index, fs::path(argv[1]).parent_path());
  if (faults == 0) fmt::print("{} exercises; every claim and every page is there\n", index->exercises.size());
  return faults == 0 ? 0 : 1;
}
