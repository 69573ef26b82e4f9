// The words for operations, verdicts and threads, in text and JSON alike. Thread safe: all of it is constant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// "lock", "atomic load", ...: what JSON calls the operation. "unknown" for a value that is no enumerator.
std::string_view operation_name(Operation operation);
std::optional<Operation> operation_of(std::string_view name);

// The verdict in JSON: passed, assertion, data_race, ... A contract. "could_not_judge" for a value that is no
// enumerator.
std::string_view verdict_word(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view word);

// The same for people: "data race".
std::string verdict_title(Verdict verdict);

// Whether the verdict says something of the program: that it passed, or how it failed.
bool is_judged(Verdict verdict);

// "main" for 0, else "thread 3". Threads are numbered in the order of their creation.
std::string thread_name(std::uint16_t thread);

}  // namespace lab::explorer
