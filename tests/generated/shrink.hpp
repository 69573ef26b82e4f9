// From a program that fails to a small one: without the threads, operations, sessions and ages that it fails without.
#pragma once

#include <functional>

#include "tests/generated/operation.hpp"

namespace lab::generated {

// Tries each program that is one step simpler, and goes on from the first that fails, until none does. `fails` is
// asked about each program once at most in a row; the result is one that it said true to, or `program` itself.
Program shrink(const Program& program, const std::function<bool(const Program&)>& fails);

// The steps, the greatest first.
std::vector<Program> simpler(const Program& program);

}  // namespace lab::generated
