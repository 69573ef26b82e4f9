// The second part of the screen: what the source says once it is preprocessed, when macros hide nothing any more.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/grader/screen/objection.hpp"

namespace lab::grader {

struct Output {
  bool ok = false;   // it ended by itself with status 0, and `text` is whole
  std::string text;  // of both streams
  // If not ok: whether that is the compiler's word on the source (it refuses it, or met a limit). If it is not there,
  // was killed, or crashed, nothing is known of the source.
  bool refused = true;
};

// Runs a command somewhere else, such as a sandbox, with limits on its time and output.
using RunCompiler = std::function<Output(const std::vector<std::string>& words)>;

// `compile` are the words of a compile command without source and output, of clang++, with absolute paths or such that
// hold where `run` runs them. `source` must be called session_manager.cpp, have its header beside it, have passed
// objections_to_text, and have the same path here and there. Conditions may depend on the build, so ask for each.
//
// Runs the compiler twice: once over the source, and once over the headers that it turned out to include, to know what
// they say by themselves. A submission that can't be preprocessed gets an objection (rule "preprocessing"); the error
// is a sentence, and means that the headers alone could not be, or that there is no compiler that works.
tl::expected<Objections, std::string> objections_to_source(const std::filesystem::path& source,
                                                           const std::vector<std::string>& compile,
                                                           const RunCompiler& run);

}  // namespace lab::grader
