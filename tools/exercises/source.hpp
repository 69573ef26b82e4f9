// The text of one C++ file, as much of its grammar as mutants and the rules on tempting fixes need: where comments and
// strings are, which bracket closes which, where a statement ends, and in which function a place lies.
//
// It is no parser. Whoever meets a shape that it does not know throws UnknownShape, which names the line: a mutant that
// is silently left out would look like one that was killed, and advice on code that was misread would mislead.
#pragma once

#include <cctype>
#include <cstddef>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lab::exercises {

class UnknownShape : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// Whether an identifier may have it.
inline bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// [begin, end) in the text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool contains(std::size_t at) const { return begin <= at && at < end; }
  bool operator==(const Span&) const = default;
};

struct Edit {
  Span where;
  std::string by;
};

struct Match {
  Span where;
  std::vector<std::string> groups;  // the whole first
  std::vector<Span> places;         // of the groups
};

class Source {
public:
  // `file` is how messages call it. Throws UnknownShape if the brackets don't match.
  Source(std::string file, std::string text);

  const std::string& file() const { return file_; }
  const std::string& text() const { return text_; }
  std::string_view text(Span span) const;

  // Of the text's length and lines, with blanks in place of comments and of what is in strings.
  const std::string& code() const { return code_; }

  // From 1.
  int line(std::size_t at) const;

  // The function whose body or heading `at` lies in, without its class; "" outside of all.
  std::string function(std::size_t at) const;

  // The bracket that closes the one at `open`.
  std::size_t closing(std::size_t open) const;

  // What is between the innermost braces round `at`, without them.
  Span block(std::size_t at) const;

  // The statement that begins at the first code from `at` on, with its semicolon or brace. Empty at the block's end.
  Span statement(std::size_t at) const;

  // Whether a statement begins at `at`.
  bool begins_statement(std::size_t at) const;

  // Every match in the code (comments and strings are blank), in order. The pattern is ECMAScript's.
  std::vector<Match> find(const std::string& pattern) const;

  // Splits at a separator that stands within no bracket of the span; the parts are trimmed.
  std::vector<Span> split(Span span, std::string_view separator) const;

  // The text with all edits made; they must not overlap.
  std::string edited(std::vector<Edit> edits) const;

  [[noreturn]] void refuse(std::size_t at, const std::string& what) const;

private:
  struct Function {
    Span where;  // heading and body
    std::string name;
  };

  void blank_comments_and_strings();
  void match_brackets();
  void find_functions();
  std::size_t skip_space(std::size_t at) const;

  std::string file_;
  std::string text_;
  std::string code_;  // of the same length
  std::vector<std::size_t> partner_;
  std::vector<Function> functions_;  // in the order of the text; none within another
};

}  // namespace lab::exercises
