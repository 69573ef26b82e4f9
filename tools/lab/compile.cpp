#include "tools/lab/compile.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

// The runtime of this build, given by CMakeLists.txt; empty where there is none.
constexpr std::string_view runtime = LAB_EXPLORER_RUNTIME;

constexpr std::array c_endings = {".c"};
constexpr std::array cxx_endings = {".cc", ".cpp", ".cxx", ".c++", ".C", ".cp"};

// Options whose value is the next word.
constexpr std::array with_value = {
    "-o",  "-I",       "-L",       "-D",         "-U",      "-l",        "-x",          "-MF",           "-MT",
    "-MQ", "-include", "-isystem", "-idirafter", "-iquote", "-T",        "-Xlinker",    "-Xclang",       "-u",
    "-z",  "--param",  "-imacros", "-target",    "-arch",   "-isysroot", "-Xassembler", "-Xpreprocessor"};
// After these nothing is linked: the compiler does all there is.
constexpr std::array no_link = {"-c",        "-S", "-E",   "-M",           "-MM",         "-fsyntax-only",
                                "--version", "-v", "-###", "-dumpversion", "-dumpmachine"};

template <typename List>
bool is_in(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_cxx(const std::string& word) { return is_in(cxx_endings, fs::path(word).extension().string()); }
bool is_source(const std::string& word) {
  return is_cxx(word) || is_in(c_endings, fs::path(word).extension().string());
}

struct CommandLine {
  std::vector<std::string> options;  // in their order, with their values, but for -o
  std::vector<std::string> sources;
  std::vector<std::string> link_inputs;  // objects, archives and -l, in their order
  std::optional<std::string> output;
  bool links = true;
  bool optimises = false;
  std::string refused;  // a sentence, if something in it cannot be
};

std::string refusal(std::string_view word) {
  if (word.starts_with("-fsanitize=") && word != "-fsanitize=thread")
    return fmt::format("{} can't be had under the explorer, which stands in a sanitizer's place: leave it out", word);
  if (word == "-static" || word == "-static-pie" || word == "-pie" || word == "-shared")
    return fmt::format(
        "{} can't be had under the explorer, which stands in front of shared libraries, at a fixed address: "
        "leave it out",
        word);
  return {};
}

CommandLine parse(const std::vector<std::string>& words) {
  CommandLine line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (std::string reason = refusal(word); !reason.empty() && line.refused.empty()) line.refused = reason;
    if (is_in(no_link, word)) line.links = false;
    if (word.starts_with("-O")) line.optimises = true;
    if (word == "-o" && i + 1 < words.size()) {
      line.output = words[++i];
    } else if (word.starts_with("-o") && word.size() > 2) {
      line.output = word.substr(2);
    } else if (is_in(with_value, word) && i + 1 < words.size()) {
      auto& list = word == "-l" ? line.link_inputs : line.options;
      list.push_back(word);
      list.push_back(words[++i]);
    } else if (word.starts_with("-l")) {
      line.link_inputs.push_back(word);
    } else if (!word.empty() && word[0] != '-' && word[0] != '@') {
      (is_source(word) ? line.sources : line.link_inputs).push_back(word);
    } else if (word != "-fsanitize=thread") {
      line.options.push_back(word);
    }
  }
  return line;
}

// Runs it on this process's own terminal. 127 if it cannot be started.
int call(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child < 0) return 127;
  if (child == 0) {
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string compiler(bool cxx) {
  const char* const chosen = std::getenv(cxx ? "CXX" : "CC");
  return chosen != nullptr && *chosen != 0 ? chosen : cxx ? "clang++" : "clang";
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

bool is_clang(const std::string& command) {
  bool clang = false;
  (void)process::run({{command, "--version"}, {}},
                     [&](const std::string& line) { clang |= line.find("clang") != std::string::npos; });
  return clang;
}

std::vector<std::string> compile_options(const CommandLine& line, const std::string& command) {
  std::vector<std::string> words = {"-fsanitize=thread", "-g", "-fno-omit-frame-pointer"};
  // As tools/explorer/CMakeLists.txt has it: a read right before a write is a step of its own.
  // And g++ need not warn that ThreadSanitizer does not support fences.
  if (is_clang(command)) {
    append(words, {"-mllvm", "-tsan-instrument-read-before-write=1"});
  } else {
    words.push_back("-Wno-tsan");
  }
  // As the source has it, step by step, unless the user wants it otherwise.
  if (!line.optimises) words.push_back("-O0");
  append(words, line.options);
  return words;
}

const std::vector<std::string> link_options = {"-no-pie",
                                               "-Wl,-z,now,--build-id,--wrap=memcpy,--wrap=memmove,--wrap=memset",
                                               "-Wl,--whole-archive",
                                               std::string(runtime),
                                               "-Wl,--no-whole-archive",
                                               "-ldl",
                                               "-lpthread"};

Status outcome(int status, const std::string& program) {
  if (status == 0) return passed;
  if (status != 127) return failed;
  fmt::print(stderr, "lab: {} can't be started: install it, or name another compiler in {}\n", program,
             program.find("++") != std::string::npos ? "CXX" : "CC");
  return could_not_judge;
}

// Only compiles, or only says something about itself.
Status pass_on(const CommandLine& line, bool cxx) {
  std::vector<std::string> words = {compiler(cxx)};
  append(words, compile_options(line, words[0]));
  append(words, line.sources);
  append(words, line.link_inputs);
  if (line.output) append(words, {"-o", *line.output});
  return outcome(call(words), words[0]);
}

Status compile_and_link(const CommandLine& line, bool cxx) {
  const process::Folder scratch("lab-cc");
  std::vector<std::string> objects;
  for (const std::string& source : line.sources) {
    const fs::path object = scratch.path() / fmt::format("{}-{}.o", objects.size(), fs::path(source).stem().string());
    std::vector<std::string> words = {compiler(cxx || is_cxx(source))};
    append(words, compile_options(line, words[0]));
    append(words, {"-c", source, "-o", object.string()});
    if (const Status status = outcome(call(words), words[0]); status != passed) return status;
    objects.push_back(object.string());
  }
  const bool any_cxx = cxx || std::any_of(line.sources.begin(), line.sources.end(), is_cxx);
  std::vector<std::string> words = {compiler(any_cxx)};
  append(words, line.options);
  append(words, objects);
  append(words, line.link_inputs);
  append(words, link_options);
  append(words, {"-o", line.output.value_or("a.out")});
  return outcome(call(words), words[0]);
}

}  // namespace

Status compile(Language language, const std::vector<std::string>& words) {
  const bool cxx = language == Language::cxx;
  const CommandLine line = parse(words);
  if (!line.refused.empty()) {
    fmt::print(stderr, "lab: {}\n", line.refused);
    return usage;
  }
  if (!line.links) return pass_on(line, cxx);
  if (line.sources.empty() && line.link_inputs.empty()) {
    fmt::print(stderr, "lab: no source to compile: ./lab {} -o PROGRAM SOURCE...\n", cxx ? "cxx" : "cc");
    return usage;
  }
  if (runtime.empty()) {
    fmt::print(stderr, "lab: this build has no explorer (it has a sanitizer): use ./lab\n");
    return could_not_judge;
  }
  return compile_and_link(line, cxx);
}

void print_compile_help(Language language) {
  const std::string_view name = language == Language::cxx ? "cxx" : "cc";
  fmt::print(
      "Compiles {} so that ./lab explore can run it under schedules that it chooses.\n"
      "\n"
      "Usage: lab {} [what {} takes] SOURCE...\n"
      "\n"
      "Everything is passed on to the compiler: {} if it is set, else {}. Added are -fsanitize=thread, -g and, unless\n"
      "you say otherwise, -O0; the program is linked with the explorer's runtime, at a fixed address. Other "
      "sanitizers,\n"
      "-static, -pie and -shared are refused. Without the explorer the program runs as any other.\n"
      "\n"
      "Exit status: 0 built, 1 the compiler refused, 2 usage, 3 no compiler.\n",
      language == Language::cxx ? "C++ (and C)" : "C (and C++)", name,
      language == Language::cxx ? "a C++ compiler" : "a C compiler", language == Language::cxx ? "$CXX" : "$CC",
      language == Language::cxx ? "clang++" : "clang");
}

}  // namespace lab::cli
