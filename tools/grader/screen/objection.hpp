// What the screen says against a submission, and what its parts have in common.
//
//   objections_to_text    text.hpp    before any compiler sees it
//   objections_to_source  source.hpp  as preprocessed by one compile command
//   objections_to_object  object.hpp  as compiled by one
//
// Go in this order and stop at the first that objects: each relies on the one before. All are thread safe.
//
// What the screen is for: a submission can't run code of its own outside of C++ and the standard library's harmless
// part, can't silence the tools that watch it, and can't know that they do. Not promised: memory corruption (a wild
// pointer is C++), and whatever needs limits, such as endless loops and floods. Those are the sandbox's.
#pragma once

#include <string>
#include <vector>

namespace lab::grader {

struct Objection {
  std::string rule;      // one of the words in tests/grader/hostile/README.md
  std::string location;  // "session_manager.cpp:57", or empty
  std::string sentence;  // what is wrong and what to do instead

  bool operator==(const Objection&) const = default;
};

using Objections = std::vector<Objection>;

}  // namespace lab::grader
