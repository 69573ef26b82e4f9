// The tokens of a C++ text, cut as clang cuts them.
//
// Everything that looks for forbidden words relies on this: if the compiler saw code where this sees a comment or a
// string, a submission could hide there. So it refuses, as a fault, each construct on which the two might differ, and
// is exact on the rest. The proof is by induction over the tokens: as long as there is no fault, both begin the next
// one at the same place. What is refused for that: raw strings, lone carriage returns and other control characters,
// characters beyond ASCII and backslashes in code, and numbers that clang and the standard cut differently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::grader {

struct Token {
  enum class Kind {
    word,  // an identifier or keyword
    number,
    literal,  // a string or a character, without its prefix
    header,   // what #include names, with its brackets or quotes
    mark,     // one character of punctuation, or :: or ##; digraphs are spelled as what they stand for
  };

  Kind kind = Kind::mark;
  std::string text;
  int line = 1;              // from 1, of the token's first character
  bool begins_line = false;  // nothing but blanks and comments before it on its logical line

  bool is(std::string_view spelled) const { return text == spelled && (kind == Kind::mark || kind == Kind::word); }
};

struct Fault {
  std::string rule;
  int line = 0;
  std::string sentence;
};

struct Tokens {
  std::vector<Token> all;     // complete only if there is no fault
  std::vector<Fault> faults;  // the first of them; what follows it is not looked at
};

Tokens tokens_of(std::string_view text);

// The index of the bracket that closes the one at `open`, which is any of ( [ {; the number of tokens if none does.
std::size_t closing(const std::vector<Token>& tokens, std::size_t open);

}  // namespace lab::grader
