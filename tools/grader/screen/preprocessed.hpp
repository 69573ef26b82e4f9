// What clang -E prints, divided by its line markers into what a submission's own two files say and what all others say.
//
// A marker can be forged. So nobody may believe the division until `others` has been found equal to what the same
// headers say without the submission: then neither can have taken a line from the other.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lab::grader {

struct Place {
  std::string file;  // without its folder
  int line = 0;

  std::string text() const;
};

struct Preprocessed {
  struct Entered {
    std::string path;
    Place from;                 // the #include
    std::size_t own_lines = 0;  // of `own` before it
  };

  std::string own;
  std::vector<Place> places;     // of each line of `own`
  std::string others;            // trimmed, without empty lines
  std::vector<Entered> entered;  // the files of others that one of the own includes, in order
  std::set<std::string> paths;   // of all files
};

// `folder` is where the two files are; empty: there are none.
Preprocessed divide(std::string_view output, const std::filesystem::path& folder);

}  // namespace lab::grader
