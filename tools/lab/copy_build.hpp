// From a working copy to the two programs that try it.
#pragma once

#include <functional>
#include <string>

#include "tools/exercises/trials.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

struct CopyBuilt {
  enum class How { built, refused, cancelled, broken };
  How how = How::broken;
  exercises::Programs programs;  // where built
  std::string words;  // built: the compiler's warnings, or nothing; refused: the compiler's or linker's own words;
                      // broken: a sentence, the fault is not the copy's
};

// Builds what of the suite is not up to date (a minute or two at the first time), then the copy, in a folder of its
// own. `say` is told what takes long. Another one that builds here is waited for.
CopyBuilt build_copy(const Context& context, const Workspace& workspace, const std::function<bool()>& unwanted,
                     const std::function<void(const std::string&)>& say);

}  // namespace lab::cli
