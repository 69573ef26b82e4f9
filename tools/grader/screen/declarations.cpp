#include "tools/grader/screen/declarations.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>

namespace lab::grader {
namespace {

// Of lab, what is linked into the programs that judge.
bool is_judges(const std::string& name) {
  static const std::set<std::string_view> names = {"test",    "explorer", "exercises", "grader",
                                                   "process", "cli",      "bench",     "demo"};
  return names.contains(name);
}

bool is_library(const std::string& name) {
  static const std::set<std::string_view> names = {"std", "tl", "fmt", "nlohmann", "Catch", "__gnu_cxx", "__cxxabiv1"};
  return names.contains(name);
}

class Declarations {
public:
  explicit Declarations(const std::vector<Token>& tokens) : tokens_(tokens) {}

  std::vector<Fault> faults() {
    for (std::size_t i = 0; i < tokens_.size() && faults_.size() < faults_max; ++i) {
      if (is(i, "namespace") && !(i > 0 && is(i - 1, "using"))) look_at_namespace(i);
      if (is(i, "lab") && !(i > 0 && is(i - 1, "namespace")) && is(i + 1, "::") && is_judges(word(i + 2)))
        judges(i + 2);
      if (is(i, "template") && is(i + 1, "<")) look_at_template(i);
    }
    return std::move(faults_);
  }

private:
  // More say no more; and a text that was made to be slow to look at has many.
  static constexpr std::size_t faults_max = 100;
  // Of what stands in angle brackets, for the same reason. Ours have some twenty.
  static constexpr std::size_t angles_max = 4096;

  bool is(std::size_t i, std::string_view spelled) const { return i < tokens_.size() && tokens_[i].is(spelled); }
  std::string word(std::size_t i) const {
    return i < tokens_.size() && tokens_[i].kind == Token::Kind::word ? tokens_[i].text : "";
  }
  bool is_class_key(std::size_t i) const { return is(i, "struct") || is(i, "class") || is(i, "union"); }

  void judges(std::size_t i) {
    faults_.push_back(
        {"name", tokens_[i].line,
         fmt::format("it names lab::{}, which is none of a session manager's business", tokens_[i].text)});
  }
  void library(std::size_t i, std::string sentence) {
    faults_.push_back({"library", tokens_[i].line, std::move(sentence)});
  }

  // namespace [inline] a::b { ... }
  void look_at_namespace(std::size_t at) {
    std::size_t i = at + 1;
    std::vector<std::string> path;
    for (; i < tokens_.size() && (is(i, "::") || is(i, "inline") || is(i, "[") || !word(i).empty()); ++i) {
      if (is(i, "[")) {
        i = closing(tokens_, i);
      } else if (!is(i, "::") && !is(i, "inline")) {
        path.push_back(tokens_[i].text);
      }
    }
    if (path.empty() || is(i, "=")) return;
    if (path.size() == 1 && path[0] == "std" && holds_only_hashes(i)) return;
    if (is_library(path[0])) {
      library(at, fmt::format("it opens namespace {}; of a library only std::hash may be specialised", path[0]));
    }
    const std::string& part = path[0] == "lab" && path.size() > 1 ? path[1] : path[0];
    if (is_judges(part)) {
      faults_.push_back({"name", tokens_[at].line,
                         fmt::format("it opens namespace {}, which the judges use; choose another name", part)});
    }
  }

  // Whether each declaration in the braces is template <...> struct hash<...> {...};
  bool holds_only_hashes(std::size_t open) const {
    if (!is(open, "{")) return false;
    const std::size_t close = closing(tokens_, open);
    for (std::size_t i = open + 1; i < close;) {
      if (is(i, ";")) {
        ++i;
        continue;
      }
      if (!is(i, "template") || !is(i + 1, "<")) return false;
      i = behind_angles(i + 1);
      if (!is_class_key(i) || !is(i + 1, "hash") || !is(i + 2, "<")) return false;
      while (i < close && !is(i, ";") && !is(i, "{")) ++i;
      if (is(i, "{")) i = closing(tokens_, i) + 1;
    }
    return true;
  }

  // The first token behind <...>; the number of tokens if there is none.
  std::size_t behind_angles(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < tokens_.size() && i < open + angles_max; ++i) {
      if (is(i, "(") || is(i, "[") || is(i, "{")) {
        i = closing(tokens_, i);
      } else if (is(i, "<")) {
        ++depth;
      } else if (is(i, ">") && !is(i - 1, "-") && --depth == 0) {
        return i + 1;
      }
    }
    return tokens_.size();
  }

  void look_at_template(std::size_t at) {
    const std::size_t begin = behind_angles(at + 1);
    if (begin == tokens_.size()) return library(at, "it has a template whose parameters are too long to look at");
    if (is_class_key(begin)) {
      look_at_class(begin);
    } else if (begin == at + 3) {  // template <>
      look_at_function(at, begin);
    }
  }

  // [::] a::b::name <...> names a specialisation; that of one's own class needs no path but where it is nested.
  void look_at_class(std::size_t key) {
    std::string path;
    std::size_t i = key + 1;
    for (; is(i, "::") || !word(i).empty() || is(i, "["); ++i) {
      if (is(i, "[")) {
        i = closing(tokens_, i);
      } else {
        path += tokens_[i].text;
      }
    }
    if (path.starts_with("::")) path.erase(0, 2);
    if (!is(i, "<") || path == "std::hash" || path.find("::") == std::string::npos) return;
    library(key, fmt::format("it specialises {}, which others use too; only std::hash may be specialised", path));
  }

  // What is declared stands before the first parentheses: a name, with arguments or without, or an operator.
  void look_at_function(std::size_t at, std::size_t begin) {
    for (std::size_t i = begin; i < tokens_.size() && !is(i, ";") && !is(i, "{") && !is(i, "="); ++i) {
      if (is(i, "template")) return;  // which is looked at by itself
      if (is(i, "<")) {
        const std::size_t behind = behind_angles(i);
        if (is(behind, "::")) return qualified(at);  // a member of a class template
        i = behind - 1;
      } else if (is(i, "operator")) {
        if (i > 0 && is(i - 1, "::")) qualified(at);
        return;
      } else if (is(i, "::") && !word(i + 1).empty() && is(i + 2, "(")) {
        return qualified(at);
      } else if (is(i, "::") && !word(i + 1).empty() && is(i + 2, "<") && is(behind_angles(i + 2), "(")) {
        return qualified(at);
      } else if (is(i, "::") && is(i + 1, "~")) {
        return qualified(at);
      } else if (is(i, "(")) {
        i = closing(tokens_, i);
      }
    }
  }

  void qualified(std::size_t at) {
    library(at, "it specialises a function by its qualified name, which may be a library's; write an overload");
  }

  const std::vector<Token>& tokens_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> faults_of_declarations(const std::vector<Token>& tokens) { return Declarations(tokens).faults(); }

}  // namespace lab::grader
