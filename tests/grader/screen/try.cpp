#include "tests/grader/screen/try.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/grader/hostile/hostile.hpp"
#include "tools/process/process.hpp"

namespace lab::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::chrono::minutes compile_limit{10};

// Half of what compiling a submission takes is the headers.
const std::string& precompiled_headers() {
  static const std::string path = [] {
    const fs::path folder = scratch("precompiled");
    std::ofstream header(folder / "headers.hpp");
    for (const char* name :
         {"common/interface.hpp", "common/ids.hpp", "common/memory_database.hpp", "common/mutex.hpp"})
      header << "#include \"" << name << "\"\n";
    for (const char* name : {"algorithm", "atomic", "cstdint", "deque", "memory", "thread", "unordered_map", "vector"})
      header << "#include <" << name << ">\n";
    header.close();
    const std::string output = folder / "headers.pch";
    Words words = {"clang++",    "-std=c++20",           "-w", "-O0", std::string("-I") + LAB_ROOT, "-x",
                   "c++-header", folder / "headers.hpp", "-o", output};
    if (const auto ran = process::run({.words = words, .limit = compile_limit}); !ran.ok())
      throw std::runtime_error(ran.output);
    return output;
  }();
  return path;
}

}  // namespace

Words compile_words(Form form) {
  Words words = {"clang++", "-std=c++20", "-w", std::string("-I") + LAB_ROOT};
  const auto add = [&words](std::initializer_list<const char*> more) {
    words.insert(words.end(), more.begin(), more.end());
  };
  switch (form) {
    case Form::tsan:
      add({"-O0", "-fsanitize=thread", "-fno-omit-frame-pointer", "-mllvm", "-tsan-instrument-read-before-write=1"});
      break;
    case Form::asan:
      add({"-O1", "-DNDEBUG", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined",
           "-fno-omit-frame-pointer"});
      break;
    case Form::plain:
      add({"-O2", "-DNDEBUG"});
      break;
    case Form::fast:
      add({"-O0"});
      break;
  }
  return words;
}

grader::RunCompiler compiler() {
  return [](const Words& words) {
    static std::mutex mutex;
    static std::map<Words, grader::Output> known;
    const bool headers_alone = !words.empty() && words.back() == "/dev/null";
    if (headers_alone) {
      const std::lock_guard lock(mutex);
      if (const auto found = known.find(words); found != known.end()) return found->second;
    }
    const auto ran = process::run({.words = words, .limit = compile_limit, .output_max = 64 << 20});
    const grader::Output output{ran.ok() && !ran.output_cut, ran.output};
    if (headers_alone) {
      const std::lock_guard lock(mutex);
      known.emplace(words, output);
    }
    return output;
  };
}

fs::path scratch(const std::string& name) {
  const fs::path folder = fs::path(LAB_SCRATCH) / fmt::format("{}-{}", ::getpid(), name);
  static const struct Remover {
    ~Remover() {
      std::error_code ignored;
      for (const auto& entry : fs::directory_iterator(LAB_SCRATCH, ignored)) {
        if (entry.path().filename().string().starts_with(fmt::format("{}-", ::getpid())))
          fs::remove_all(entry.path(), ignored);
      }
    }
  } remover;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

fs::path fixed_and(const std::string& name, const std::string& more) {
  const fs::path folder = scratch(name);
  make_submission({.name = name, .tries = "", .verdict = "", .arguments = {}, .pieces = {{"end", more}}},
                  fs::path(LAB_ROOT) / "fixed", folder);
  return folder;
}

fs::path object_of(const fs::path& folder, Form form) {
  const fs::path object = folder / fmt::format("{}.o", static_cast<int>(form));
  Words words = compile_words(form);
  if (form == Form::fast) words.insert(words.end(), {"-include-pch", precompiled_headers()});
  words.insert(words.end(), {"-o", object, "-c", folder / grader::source_name});
  const auto ran = process::run({.words = words, .limit = compile_limit, .output_max = 1 << 16});
  if (!ran.ok()) throw std::runtime_error(ran.output);
  return object;
}

grader::Objections screened(const fs::path& folder, Form form) {
  const auto error = [](const std::string& sentence) { return grader::Objections{{"error", "", sentence}}; };
  if (auto objections = grader::objections_to_text(folder); !objections.empty()) return objections;
  auto of_source = grader::objections_to_source(folder / grader::source_name, compile_words(form), compiler());
  if (!of_source) return error(of_source.error());
  if (!of_source->empty()) return *of_source;
  try {
    auto of_object = grader::objections_to_object(object_of(folder, form), common_symbols());
    return of_object ? *of_object : error(of_object.error());
  } catch (const std::runtime_error& failed) {
    return error(failed.what());
  }
}

const grader::SymbolNames& common_symbols() {
  static const grader::SymbolNames names = [] {
    auto read = grader::strong_definitions(LAB_COMMON);
    if (!read) throw std::runtime_error(read.error());
    return *read;
  }();
  return names;
}

std::string said(const grader::Objections& objections) {
  std::string all;
  for (const grader::Objection& objection : objections)
    all += fmt::format("{} at {}: {}\n", objection.rule, objection.location, objection.sentence);
  return all;
}

std::vector<std::string> rules(const grader::Objections& objections) {
  std::set<std::string> all;
  for (const grader::Objection& objection : objections) all.insert(objection.rule);
  return {all.begin(), all.end()};
}

void two_at_a_time(const std::vector<std::function<void()>>& calls) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < calls.size(); i = next++) calls[i]();
  };
  std::jthread other(work);
  work();
}

}  // namespace lab::test
