#include "tools/grader/screen/attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace lab::grader {
namespace {

// The standard's; those of thread safety, to which common/thread_annotations.hpp gives names; and hints that change
// neither what a function does nor who watches it.
bool is_harmless(const std::string& name) {
  static const std::set<std::string_view> names = {"nodiscard",
                                                   "maybe_unused",
                                                   "likely",
                                                   "unlikely",
                                                   "fallthrough",
                                                   "noreturn",
                                                   "no_unique_address",
                                                   "deprecated",
                                                   "carries_dependency",
                                                   "capability",
                                                   "lockable",
                                                   "scoped_lockable",
                                                   "guarded_by",
                                                   "pt_guarded_by",
                                                   "acquired_before",
                                                   "acquired_after",
                                                   "requires_capability",
                                                   "requires_shared_capability",
                                                   "exclusive_locks_required",
                                                   "shared_locks_required",
                                                   "acquire_capability",
                                                   "acquire_shared_capability",
                                                   "release_capability",
                                                   "release_shared_capability",
                                                   "release_generic_capability",
                                                   "try_acquire_capability",
                                                   "try_acquire_shared_capability",
                                                   "assert_capability",
                                                   "assert_shared_capability",
                                                   "locks_excluded",
                                                   "lock_returned",
                                                   "no_thread_safety_analysis",
                                                   "unused",
                                                   "noinline",
                                                   "always_inline"};
  return names.contains(name);
}

using Iterator = std::vector<Token>::const_iterator;

// The names between the brackets, each with its namespace: [[a, b::c("d")]] has a and b::c.
std::vector<std::string> names_in(Iterator at, Iterator end) {
  std::vector<std::string> names;
  std::string name;
  int depth = 0;
  for (; at != end; ++at) {
    const bool opens = at->is("(") || at->is("[") || at->is("{");
    const bool closes = at->is(")") || at->is("]") || at->is("}");
    if (closes) --depth;
    if (depth == 0 && at->is(",")) {
      names.push_back(std::move(name));
      name.clear();
    } else if (depth == 0 && !opens && !closes) {
      name += at->text;
    }
    if (opens) ++depth;
  }
  names.push_back(std::move(name));
  return names;
}

std::string without_namespace(std::string name) {
  for (const std::string_view prefix : {"gnu::", "clang::"}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name;
}

}  // namespace

std::vector<Fault> faults_of_attributes(const std::vector<Token>& tokens) {
  std::vector<Fault> faults;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    // Two opening brackets begin an attribute wherever they stand; the grammar has no other use for them.
    const bool standard = tokens[i].is("[") && tokens[i + 1].is("[");
    if (!standard && !tokens[i].is("__attribute__")) continue;
    const std::size_t open = standard ? i + 1 : i + 2;
    const std::size_t close = open < tokens.size() ? closing(tokens, open) : tokens.size();
    if (close + 1 >= tokens.size() || !tokens[open].is(standard ? "[" : "(") ||
        !tokens[open - 1].is(standard ? "[" : "(") || !tokens[close + 1].is(standard ? "]" : ")")) {
      faults.push_back({"attribute", tokens[i].line, "it has an attribute whose brackets don't match"});
      return faults;
    }
    const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(open + 1);
    for (const std::string& name : names_in(begin, tokens.begin() + static_cast<std::ptrdiff_t>(close))) {
      if (name.empty() || is_harmless(without_namespace(name))) continue;
      faults.push_back({"attribute", tokens[i].line,
                        fmt::format("it has the attribute {}; those that may be used are the standard's, and those of "
                                    "common/thread_annotations.hpp",
                                    name)});
    }
    i = close;
  }
  return faults;
}

}  // namespace lab::grader
