// The code of a file in pieces, as the rules on tempting fixes look at it: each statement without its semicolon, each
// heading of a block, and each brace that opens or closes one, by the function they stand in. A piece is without
// comments and what is in strings, and has a space only between two words:
//
//   if (place == store_.end()) {  // gone     "if(place==store_.end())", "{"
//     return  Unexpected( Error::not_found )  "return Unexpected(Error::not_found)"
//
// so that a pattern need not know how somebody breaks lines.
#pragma once

#include <string>
#include <vector>

namespace lab::exercises {

struct Piece {
  std::string text;
  std::string function;  // without its class; empty outside of all

  bool operator==(const Piece&) const = default;
};

// Throws UnknownShape if the text is no C++ as Source knows it, longer than 256 KiB, or has a piece of more than 1,000
// characters: the handout has 22 KiB, and pieces of some 150. Patterns are searched for with a stack's depth for each
// character.
std::vector<Piece> pieces_of(const std::string& text);

}  // namespace lab::exercises
