// The reader of C++ that mutants are made with: tools/exercises/source.hpp.
#pragma once

#include "tools/exercises/source.hpp"

namespace lab::mutants {

using exercises::Edit;
using exercises::Match;
using exercises::Source;
using exercises::Span;
using exercises::UnknownShape;

}  // namespace lab::mutants
