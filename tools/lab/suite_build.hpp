// The lab's own build folders, as far as a copy or a submission is judged with them: made, and up to date.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/lab/commands.hpp"

namespace lab::cli {

struct SuiteBuild {
  std::string preset;                // of CMakePresets.json
  std::string folder;                // in build/
  std::vector<std::string> targets;  // what is needed of it
};

// Empty if it went well or `unwanted` became true; else why it did not, with the end of what the build printed. Says
// what takes long, before it does. Waits for other builds by ./lab.
std::string build_suite(const Context& context, const SuiteBuild& wanted, const std::function<bool()>& unwanted,
                        const std::function<void(const std::string&)>& say);

}  // namespace lab::cli
