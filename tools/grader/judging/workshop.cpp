#include "tools/grader/judging/workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

#include "tools/exercises/includes.hpp"
#include "tools/exercises/includes_ahead.hpp"
#include "tools/grader/judging/parallel.hpp"
#include "tools/grader/screen/object.hpp"
#include "tools/grader/screen/source.hpp"
#include "tools/grader/screen/text.hpp"
#include "tools/process/content.hpp"
#include "tools/process/file_lock.hpp"

namespace lab::grader {

namespace fs = std::filesystem;

namespace {

// `fixed` takes two seconds and 300 MiB on the machine of docs/reference/benchmarks.md.
constexpr Bounds compiler_bounds = {.wall = std::chrono::seconds(60),
                                    .cpu = std::chrono::seconds(60),
                                    .memory_max = std::size_t{3} << 30,
                                    .output_max = std::size_t{64} << 20,  // of the preprocessor
                                    .file_max = std::size_t{64} << 20};
constexpr std::size_t words_max = 16 * 1024;  // of a compiler that are kept

// What the seam calls the submission's functions (tests/graded/salted.cpp).
struct Seam {
  const char* submitted;
  const char* sealed;
};
constexpr std::array seams = {
    Seam{"_ZN3lab20make_session_managerENS_12DependenciesE",
         "_ZN3lab9submitted20make_session_managerENS_12DependenciesE"},
    Seam{"_ZN3lab19make_cleanup_workerERNS_14SessionManagerENSt6chrono8durationIlSt5ratioILl1ELl1000EEEE",
         "_ZN3lab9submitted19make_cleanup_workerERNS_14SessionManagerENSt6chrono8durationIlSt5ratioILl1ELl1000EEEE"},
    Seam{"_ZN3lab16process_instanceEv", "_ZN3lab9submitted16process_instanceEv"}};

std::string cut(const std::string& text) {
  return text.size() <= words_max ? text : text.substr(0, words_max) + "\n... and more\n";
}

Unmade broken(std::string reason) { return {Unmade::Why::machine, std::move(reason), {}, {}}; }

// A compiler or linker has an opinion on the submission if it ends with status 1, or in the time it has. All else (it
// is not there, it was killed, it crashed) is another thing.
bool is_refusal(const process::Ran& ran) {
  return ran.over_time || (ran.started && ran.signal == 0 && ran.status == 1);
}

// What ThreadSanitizer of clang 14 and 19 or g++ 12 accuses although it is right: std::atomic<std::shared_ptr>, whose
// lock is a bit of its pointer; locks with a time limit, which it does not intercept; and fences.
bool is_accused_wrongly(const SymbolNames& symbols) {
  return std::any_of(symbols.begin(), symbols.end(), [](const std::string& symbol) {
    return symbol.find("timedlock") != std::string::npos || symbol.find("clocklock") != std::string::npos ||
           symbol.find("timedrdlock") != std::string::npos || symbol.find("timedwrlock") != std::string::npos ||
           symbol.find("clockrdlock") != std::string::npos || symbol.find("clockwrlock") != std::string::npos ||
           symbol.find("_Sp_atomic") != std::string::npos || symbol == "__tsan_atomic_thread_fence";
  });
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("can't write " + file.string());
}

}  // namespace

const char* name_of(Build build) {
  switch (build) {
    case Build::tsan:
      return "tsan";
    case Build::asan:
      return "asan";
    case Build::release:
      break;
  }
  return "release";
}

tl::expected<Workshop, std::string> Workshop::open(const fs::path& root, const Sandbox& sandbox) {
  using exercises::Program;
  Workshop workshop(root, sandbox);
  for (const Build build : {Build::tsan, Build::asan, Build::release}) {
    const std::vector<Program> programs = build == Build::tsan
                                              ? std::vector{Program::suite, Program::explored, Program::generated}
                                              : std::vector{Program::suite};
    auto recipe = exercises::Recipe::read(workshop.build_folder(build), root / "fixed", programs);
    if (!recipe) return tl::unexpected(recipe.error());
    workshop.recipes_[static_cast<std::size_t>(build)] = std::move(*recipe);
  }
  auto common = strong_definitions(workshop.build_folder(Build::release) / "common/liblab_common.a");
  if (!common) return tl::unexpected(common.error());
  workshop.common_ = std::move(*common);
  try {
    workshop.copy_headers();
  } catch (const fs::filesystem_error& error) {
    return tl::unexpected(fmt::format("the headers can't be copied: {}", error.what()));
  }
  return workshop;
}

void Workshop::copy_headers() const {
  const process::FileLock lock(root_ / "build/.grader-lock");
  bool is_new = false;
  fs::create_directories(headers() / "common");
  for (const auto& entry : fs::directory_iterator(root_ / "common")) {
    const fs::path copy = headers() / "common" / entry.path().filename();
    if (entry.path().extension() != ".hpp" || process::content_of(copy) == process::content_of(entry.path())) continue;
    is_new = true;
    fs::copy_file(entry.path(), copy, fs::copy_options::overwrite_existing);
  }
  if (is_new) fs::remove_all(ahead());
}

process::Ran Workshop::in_sandbox(std::vector<std::string> words, const fs::path& folder,
                                  const std::vector<fs::path>& shown) const {
  Job job;
  job.words = std::move(words);
  job.shown = shown;
  job.writable = folder;
  job.kind = Job::Kind::compiler;
  job.bounds = compiler_bounds;
  job.environment = {"CCACHE_DISABLE=1"};
  Ended ended = sandbox_->run(job);
  if (ended.over_memory) {
    ended.ran.over_time = true;
    ended.ran.output += "\n" + ended.why + "\n";
  }
  if (ended.sandbox_broken) {
    ended.ran.started = false;
    ended.ran.output = ended.why;
  }
  return ended.ran;
}

tl::expected<Made, Unmade> Workshop::make(const fs::path& folder, std::size_t workers, bool screened) const {
  using exercises::Program;
  Made made;
  made.source = folder / "submission" / source_name;
  if (Objections objections = objections_to_text(folder / "submission"); screened && !objections.empty())
    return tl::unexpected(Unmade{Unmade::Why::screened, objections.front().sentence, objections, {}});

  constexpr std::array builds = {Build::release, Build::asan, Build::tsan};  // what takes longest first
  std::array<Compiled, build_count + 1> compiled;
  in_parallel(compiled.size(), workers, [&](std::size_t at) {
    try {
      if (at < builds.size()) {
        compiled[at] = compile(folder, builds[at], screened);
      } else {
        compiled[at].warnings = warnings_of_gcc(folder);
      }
    } catch (const std::exception& error) {
      compiled[at].unmade = broken(error.what());
    }
  });
  for (Compiled& one : compiled) {
    if (one.unmade) return tl::unexpected(std::move(*one.unmade));
    made.warnings.insert(made.warnings.end(), one.warnings.begin(), one.warnings.end());
    made.accused_wrongly |= one.accused_wrongly;
  }

  struct Link {
    Build build;
    Program program;
    fs::path Judging::*output;
    const char* name;
  };
  constexpr std::array links = {Link{Build::tsan, Program::explored, &Judging::explored, "explored"},
                                Link{Build::tsan, Program::suite, &Judging::suite_tsan, "suite_tsan"},
                                Link{Build::asan, Program::suite, &Judging::suite_asan, "suite_asan"},
                                Link{Build::tsan, Program::generated, &Judging::generated, "generated"},
                                Link{Build::release, Program::suite, &Judging::suite_release, "suite_release"}};
  fs::create_directories(folder / "programs");
  std::array<std::optional<Unmade>, links.size()> unmade;
  in_parallel(links.size(), workers, [&](std::size_t at) {
    const Link& one = links[at];
    made.programs.*one.output = folder / "programs" / one.name;
    try {
      unmade[at] = link(folder, one.build, one.program, made.programs.*one.output);
    } catch (const std::exception& error) {
      unmade[at] = broken(error.what());
    }
  });
  for (std::optional<Unmade>& one : unmade) {
    if (one) return tl::unexpected(std::move(*one));
  }
  return made;
}

Workshop::Compiled Workshop::compile(const fs::path& folder, Build build, bool screened) const {
  Compiled result;
  const auto refuse = [&](Unmade unmade) {
    result.unmade = std::move(unmade);
    return result;
  };
  const fs::path own = folder / name_of(build), source = folder / "submission" / source_name;
  fs::create_directories(own);
  const fs::path object = own / "session_manager.o";
  std::vector<std::string> words = recipe(build).compile(source, object).words;
  // Compilers' caches are ours, and its -I shows the checkout.
  if (fs::path(words.front()).filename() == "ccache") words.erase(words.begin());
  for (std::string& word : words) {
    if (word == "-I" + root_.string()) word = "-I" + headers().string();
    // It runs for two seconds under AddressSanitizer, and takes longer to be optimised.
    if (build == Build::asan && word == "-O1") word = "-O0";
  }
  std::vector<fs::path> shown = {folder / "submission", headers()};

  std::vector<std::string> words_alone = words;
  words_alone.resize(words.size() - 4);  // without -o OBJECT -c SOURCE
  const auto objections = objections_to_source(source, words_alone, [&](const std::vector<std::string>& run) {
    const process::Ran ran = in_sandbox(run, own, shown);
    return Output{ran.ok() && !ran.output_cut, ran.output, is_refusal(ran) || ran.output_cut};
  });
  if (screened && !objections) return refuse(broken(objections.error()));
  if (screened && !objections->empty())
    return refuse({Unmade::Why::screened, objections->front().sentence, *objections, {}});

  // Its includes have passed the screen, so that what is shared among submissions is the allowed headers' alone.
  const fs::path includes =
      exercises::includes_ahead(ahead(),
                                exercises::leading_includes(process::content_of(folder / "submission" / header_name),
                                                            process::content_of(source)),
                                words_alone, headers(),
                                [&](const std::vector<std::string>& run, const fs::path& writable,
                                    const std::vector<fs::path>& read) { return in_sandbox(run, writable, read); });
  std::vector<std::string> with_includes = words;
  if (!includes.empty()) {
    with_includes.insert(with_includes.end(), {"-include-pch", includes.string()});
    shown.push_back(includes.parent_path());
  }
  process::Ran compiled = in_sandbox(with_includes, own, shown);
  // Made with other headers of the system, say: it never decides.
  if (!compiled.ok() && !includes.empty()) compiled = in_sandbox(words, own, shown);
  if (!compiled.ok()) {
    if (!is_refusal(compiled)) return refuse(broken("the compiler does not work: " + cut(compiled.output)));
    return refuse({Unmade::Why::does_not_compile, "it does not compile", {}, {{"clang++", cut(compiled.output)}}});
  }
  // One of them is enough for who reads it, and this one has the most to say.
  if (build == Build::release && !compiled.output.empty()) result.warnings = {{"clang++", cut(compiled.output)}};

  const auto of_object = objections_to_object(object, common_);
  if (!of_object) return refuse(broken(of_object.error()));
  if (screened && !of_object->empty())
    return refuse({Unmade::Why::screened, of_object->front().sentence, *of_object, {}});
  if (build == Build::tsan) {
    const auto accesses = instrumented_accesses(object);
    const auto symbols = all_symbols(object);
    if (!accesses || !symbols) return refuse(broken(!accesses ? accesses.error() : symbols.error()));
    if (screened && *accesses == 0) {
      return refuse({Unmade::Why::screened,
                     "not one access to memory is left that ThreadSanitizer could see: write the two files without "
                     "whatever keeps them from it",
                     {},
                     {}});
    }
    result.accused_wrongly = is_accused_wrongly(*symbols);
  }
  result.unmade = seal(object, own);
  return result;
}

std::vector<CompilerWords> Workshop::warnings_of_gcc(const fs::path& folder) const {
  const fs::path own = folder / "gcc";
  fs::create_directories(own);
  const process::Ran ran = in_sandbox({"/usr/bin/g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra",
                                       "-I" + headers().string(), (folder / "submission" / source_name).string()},
                                      own, {folder / "submission", headers()});
  if (ran.output.empty() || !ran.started) return {};
  return {{"g++", cut(ran.output)}};
}

std::optional<Unmade> Workshop::seal(const fs::path& object, const fs::path& folder) const {
  std::string kept, renamed;
  for (const Seam& seam : seams) {
    kept += fmt::format("{}\n", seam.sealed);
    renamed += fmt::format("{} {}\n", seam.submitted, seam.sealed);
  }
  write(folder / "kept", kept);
  write(folder / "renamed", renamed);
  const fs::path whole = folder / "whole.o", sealed = folder / "sealed.o";
  // The groups of COMDAT sections are resolved here: what a linker might take one of two copies for is one from now on.
  const process::Ran merged =
      in_sandbox({"/usr/bin/ld", "-r", "--force-group-allocation", "-o", whole.string(), object.string()}, folder, {});
  if (!merged.ok()) return broken("the linker does not work: " + cut(merged.output));
  const process::Ran ran =
      in_sandbox({"/usr/bin/objcopy", "--redefine-syms=" + (folder / "renamed").string(),
                  "--keep-global-symbols=" + (folder / "kept").string(), whole.string(), sealed.string()},
                 folder, {});
  if (!ran.ok()) return broken("objcopy does not work: " + cut(ran.output));
  return std::nullopt;
}

std::optional<Unmade> Workshop::link(const fs::path& folder, Build build, exercises::Program program,
                                     const fs::path& output) const {
  const process::Command command = recipe(build).link(
      program, {folder / name_of(build) / "sealed.o", build_folder(build) / "tests/graded/libgraded_seam.a"}, output);
  const process::Ran ran = process::run(command);
  if (ran.ok()) return std::nullopt;
  if (!is_refusal(ran)) return broken("the linker does not work: " + cut(ran.output));
  return Unmade{Unmade::Why::does_not_compile, "it does not link", {}, {{"ld", cut(ran.output)}}};
}

}  // namespace lab::grader
