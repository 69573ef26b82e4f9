// Making, compiling and screening submissions in the tests' own folder. Nothing of them is linked or run.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/grader/screen/object.hpp"
#include "tools/grader/screen/source.hpp"
#include "tools/grader/screen/text.hpp"

namespace lab::test {

// As the presets tsan, asan and release compile, without debug information, and the fastest way that there is.
enum class Form { tsan, asan, plain, fast };

std::vector<std::string> compile_words(Form form);

// Runs compilers right here, with a limit. Remembers what the headers say by themselves.
grader::RunCompiler compiler();

// A folder of that name for the calling test alone, empty.
std::filesystem::path scratch(const std::string& name);

// A submission in such a folder: `fixed`, with the text at the source's end.
std::filesystem::path fixed_and(const std::string& name, const std::string& more);

// The whole screen, which stops at the first of its parts that objects. A sentence instead of an objection, with
// the rule "error", if it could not judge or there is no compiling it.
grader::Objections screened(const std::filesystem::path& folder, Form form);

// Compiles session_manager.cpp of that folder; throws std::runtime_error with the compiler's messages.
std::filesystem::path object_of(const std::filesystem::path& folder, Form form);

// What common/ defines.
const grader::SymbolNames& common_symbols();

// Each objection as "RULE at LOCATION: SENTENCE", a line each.
std::string said(const grader::Objections& objections);

// The different rules, in the order of the alphabet.
std::vector<std::string> rules(const grader::Objections& objections);

// Calls all, two at a time; their exceptions are the caller's to prevent.
void two_at_a_time(const std::vector<std::function<void()>>& calls);

}  // namespace lab::test
