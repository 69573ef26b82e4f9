// Which of the files that lie about are the submission.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace lab::grader {

inline constexpr std::array<std::string_view, 2> submitted_names = {"session_manager.hpp", "session_manager.cpp"};

// Both files, in the order of their names.
struct Sources {
  std::string folder;  // that they lie in; empty: the top
  std::array<std::string, 2> texts;
};

// Not thread safe.
class Candidates {
public:
  // Of which of the two names a file with these parts is; none if of neither, or if it lies where none counts.
  std::optional<std::size_t> which(const std::vector<std::string>& parts);

  // The error is a sentence: there is one of that name already.
  tl::expected<void, std::string> add(std::size_t which, const std::vector<std::string>& parts, std::string text);

  // Once all was looked at. The error is a sentence: one is missing, or they do not lie together.
  tl::expected<Sources, std::string> both(const std::string& submitted);

private:
  struct Found {
    std::string folder;
    std::string path;
    std::string text;
  };
  std::array<std::optional<Found>, 2> found_;
  std::array<std::string, 2> too_deep_;  // one of that name that was found where it does not count
};

}  // namespace lab::grader
