// From a program that fails to a small one: without the threads, operations, sessions and ages that it fails without.
#pragma once

#include <functional>

#include "tests/generated/operation.hpp"

namespace lab::generated {

// Tries each program that is one step simpler, and goes on from the first that fails, until none does. The result is
// one that `fails` said true of, or `program` itself.
Program shrink(const Program& program, const std::function<bool(const Program&)>& fails);

// The steps, the greatest first.
std::vector<Program> simpler(const Program& program);

}  // namespace lab::generated
