// The student's commands about exercises.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "tools/exercises/index.hpp"
#include "tools/lab/commands.hpp"
#include "tools/lab/explore.hpp"

namespace lab::cli {

// Makes the working copy of buggy/; refused where there is one.
Status start(const Context& context);

// Keeps the working copy as work.N beside it, the least N that is free, and makes a new one.
Status reset(const Context& context);

// The ladder, and where the student stands.
Status list(const Context& context);

struct HintOptions {
  std::string exercise;    // empty: the first that is not green
  std::size_t number = 0;  // 0: the next
};
Status hint(const Context& context, const HintOptions& options);

struct CheckOptions {
  std::string which;  // an exercise's id, "all", or empty: those that were green, and the first that is not
  std::filesystem::path json;
  std::filesystem::path timeline;  // where to write the failing schedule as a page; empty: nowhere
  bool play = false;               // and to play in; if nothing fails, a page of a claim that holds
  std::size_t width = 0;           // of the text; 0: the terminal's
  std::function<bool()> unwanted;  // true: give up
};
Status check(const Context& context, const CheckOptions& options);

// check() now, and again whenever a file of the working copy is saved, until interrupted.
Status watch(const Context& context, const CheckOptions& options);

// A schedule of a claim on the working copy: "01.1/lab1-...", as check() prints it. Of the options those count that are
// not of a program: json, timeline, play and width.
bool is_of_claim(const std::string& replay);
Status replay_claim(const Context& context, const std::string& replay, const ProgramOptions& options);

// The exercise that a user names: "01", or "1", or its name. The error is a sentence.
tl::expected<const exercises::Exercise*, std::string> find_exercise(const exercises::Index& index,
                                                                    const std::string& named);

}  // namespace lab::cli
