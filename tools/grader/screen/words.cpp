#include "tools/grader/screen/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace lab::grader {
namespace {

using Names = std::set<std::string_view>;

// Names of the compiler and of the C library that some macro of an allowed header expands to, or that a student's code
// has good reason to use, and that give no access to anything.
const Names& harmless_reserved_names() {
  static const Names names = {"__attribute__",
                              "__extension__",
                              "__func__",
                              "__FUNCTION__",
                              "__PRETTY_FUNCTION__",
                              "__FILE__",
                              "__LINE__",
                              "__COUNTER__",
                              "__VA_ARGS__",
                              "__VA_OPT__",
                              "__cplusplus",
                              "__clang__",
                              "__clang_major__",
                              "__clang_minor__",
                              "__GNUC__",
                              "__GNUC_MINOR__",
                              "__GLIBCXX__",
                              "_GLIBCXX_RELEASE",
                              "_MSC_VER",
                              "_WIN32",
                              "__linux__",
                              "__APPLE__",
                              "__x86_64__",
                              "__has_cpp_attribute",
                              "__int128",
                              "__int128_t",
                              "__uint128_t",
                              "__null",
                              "__assert_fail",
                              "__errno_location",
                              "__clock_t",
                              "__restrict",
                              "__builtin_offsetof",
                              "__builtin_expect",
                              "__builtin_unreachable",
                              "__builtin_clz",
                              "__builtin_clzl",
                              "__builtin_clzll",
                              "__builtin_ctz",
                              "__builtin_ctzl",
                              "__builtin_ctzll",
                              "__builtin_popcount",
                              "__builtin_popcountl",
                              "__builtin_popcountll",
                              "__builtin_add_overflow",
                              "__builtin_sub_overflow",
                              "__builtin_mul_overflow",
                              "__builtin_va_list",
                              "__builtin_va_start",
                              "__builtin_va_end",
                              "__builtin_va_arg",
                              "__builtin_va_copy",
                              "__builtin_isnan",
                              "__builtin_nanf",
                              "__builtin_inff",
                              "__builtin_huge_val"};
  return names;
}

bool starts_with_any(std::string_view word, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return word.starts_with(prefix); });
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_reserved(std::string_view word) {
  return word.starts_with("__") || (word.size() > 1 && word[0] == '_' && is_upper(word[1]));
}

// The usual guards of a header called session_manager.hpp; reserved or not, they mean no harm.
bool is_include_guard(std::string_view word) {
  return word.find("SESSION_MANAGER") != std::string_view::npos && std::all_of(word.begin(), word.end(), [](char c) {
           return is_upper(c) || c == '_' || (c >= '0' && c <= '9');
         });
}

bool is_keyword(std::string_view word) {
  static const Names names = {"alignas",
                              "alignof",
                              "and",
                              "and_eq",
                              "asm",
                              "auto",
                              "bitand",
                              "bitor",
                              "bool",
                              "break",
                              "case",
                              "catch",
                              "char",
                              "char8_t",
                              "char16_t",
                              "char32_t",
                              "class",
                              "compl",
                              "concept",
                              "const",
                              "consteval",
                              "constexpr",
                              "constinit",
                              "const_cast",
                              "continue",
                              "co_await",
                              "co_return",
                              "co_yield",
                              "decltype",
                              "default",
                              "delete",
                              "do",
                              "double",
                              "dynamic_cast",
                              "else",
                              "enum",
                              "explicit",
                              "export",
                              "extern",
                              "false",
                              "final",
                              "float",
                              "for",
                              "friend",
                              "goto",
                              "if",
                              "inline",
                              "int",
                              "long",
                              "mutable",
                              "namespace",
                              "new",
                              "noexcept",
                              "not",
                              "not_eq",
                              "nullptr",
                              "operator",
                              "or",
                              "or_eq",
                              "override",
                              "private",
                              "protected",
                              "public",
                              "register",
                              "reinterpret_cast",
                              "requires",
                              "return",
                              "short",
                              "signed",
                              "sizeof",
                              "static",
                              "static_assert",
                              "static_cast",
                              "struct",
                              "switch",
                              "template",
                              "this",
                              "thread_local",
                              "throw",
                              "true",
                              "try",
                              "typedef",
                              "typeid",
                              "typename",
                              "union",
                              "unsigned",
                              "using",
                              "virtual",
                              "void",
                              "volatile",
                              "wchar_t",
                              "while",
                              "xor",
                              "xor_eq"};
  return names.contains(word);
}

// The standard library's headers but those that open files, jump over destructors, catch signals or change the process.
bool is_harmless_standard_header(std::string_view name) {
  static const Names names = {"cfloat",
                              "cwchar",
                              "cwctype",
                              "float.h",
                              "locale",
                              "algorithm",
                              "any",
                              "array",
                              "atomic",
                              "barrier",
                              "bit",
                              "bitset",
                              "cassert",
                              "cctype",
                              "cerrno",
                              "charconv",
                              "chrono",
                              "cinttypes",
                              "climits",
                              "cmath",
                              "compare",
                              "complex",
                              "concepts",
                              "condition_variable",
                              "coroutine",
                              "cstdarg",
                              "cstddef",
                              "cstdint",
                              "cstdio",
                              "cstdlib",
                              "cstring",
                              "ctime",
                              "deque",
                              "exception",
                              "execution",
                              "forward_list",
                              "functional",
                              "future",
                              "initializer_list",
                              "iomanip",
                              "ios",
                              "iosfwd",
                              "iostream",
                              "istream",
                              "iterator",
                              "latch",
                              "limits",
                              "list",
                              "map",
                              "memory",
                              "memory_resource",
                              "mutex",
                              "new",
                              "numbers",
                              "numeric",
                              "optional",
                              "ostream",
                              "queue",
                              "random",
                              "ranges",
                              "ratio",
                              "regex",
                              "scoped_allocator",
                              "semaphore",
                              "set",
                              "shared_mutex",
                              "source_location",
                              "span",
                              "sstream",
                              "stack",
                              "stdexcept",
                              "stop_token",
                              "streambuf",
                              "string",
                              "string_view",
                              "syncstream",
                              "system_error",
                              "thread",
                              "tuple",
                              "type_traits",
                              "typeindex",
                              "typeinfo",
                              "unordered_map",
                              "unordered_set",
                              "utility",
                              "valarray",
                              "variant",
                              "vector",
                              "version",
                              "assert.h",
                              "ctype.h",
                              "errno.h",
                              "inttypes.h",
                              "limits.h",
                              "math.h",
                              "stdarg.h",
                              "stddef.h",
                              "stdint.h",
                              "stdio.h",
                              "stdlib.h",
                              "string.h",
                              "time.h",
                              "tl/expected.hpp"};
  return names.contains(name);
}

// The headers of common/ but those of the databases that a submission is judged with.
bool is_common_header(std::string_view name) {
  static const Names names = {"common/clock.hpp", "common/database.hpp",           "common/errors.hpp",
                              "common/ids.hpp",   "common/interface.hpp",          "common/memory_database.hpp",
                              "common/mutex.hpp", "common/thread_annotations.hpp", "common/values.hpp"};
  return names.contains(name);
}

Fault fault(std::string rule, std::string sentence) { return {std::move(rule), 0, std::move(sentence)}; }

}  // namespace

std::optional<Fault> fault_of_word(std::string_view word) {
  if (word == "asm" || word == "__asm" || word == "__asm__")
    return fault("assembly", fmt::format("it contains {}; write it in C++", word));
  if (word == "__DATE__" || word == "__TIME__" || word == "__TIMESTAMP__")
    return fault("date",
                 fmt::format("it contains {}, which makes each compilation another program; leave it out", word));
  if (word == "_Pragma") return fault("pragma", "it contains _Pragma; leave it out");
  if (starts_with_any(word, {"__has_", "__SANITIZE", "__is_target", "__is_identifier"}) &&
      word != "__has_cpp_attribute")
    return fault("detection",
                 fmt::format("it asks the compiler with {} how it is built; write code that is the same in "
                             "each build",
                             word));
  if (word == "_GLIBCXX_TSAN" || word == "__OPTIMIZE__" || word == "__NO_INLINE__" || word == "_FORTIFY_SOURCE")
    return fault("detection",
                 fmt::format("it tells builds apart by {}; write code that is the same in each build", word));
  if (starts_with_any(word, {"__tsan",
                             "__asan",
                             "__ubsan",
                             "__lsan",
                             "__msan",
                             "__hwasan",
                             "__sanitizer",
                             "__sancov",
                             "__interceptor",
                             "__dfsan",
                             "__memprof",
                             "AnnotateHappens",
                             "AnnotateIgnore",
                             "AnnotateRWLock",
                             "AnnotateBenignRace",
                             "AnnotateEnableRace",
                             "AnnotateMutex",
                             "AnnotateCondVar",
                             "AnnotateNewMemory",
                             "AnnotateFlushState",
                             "AnnotateThreadName",
                             "AnnotateExpectRace",
                             "AnnotateNoOp",
                             "AnnotatePublish",
                             "AnnotateUnpublish",
                             "AnnotatePCQ",
                             "AnnotateTraceMemory",
                             "AnnotateMemoryIs"}))
    return fault("sanitizer", fmt::format("it names {}, which is the sanitizers' own; they find what they find by "
                                          "themselves, leave it out",
                                          word));
  if (is_reserved(word) && !word.starts_with("__cpp_") && !harmless_reserved_names().contains(word) &&
      !is_include_guard(word))
    return fault("reserved_name", fmt::format("it uses {}, a name that is reserved to the compiler and its library; "
                                              "choose another one",
                                              word));
  if (word.starts_with("pthread_"))
    return fault("name", fmt::format("it names {}; use std::thread and std::mutex, or lab::Mutex", word));
  static const Names foreign = {"syscall", "dlsym", "dlvsym",    "dlopen",   "ptrace",
                                "environ", "Catch", "TEST_CASE", "SCENARIO", "CONCURRENT_CLAIM"};
  if (foreign.contains(word) || word.starts_with("CATCH_"))
    return fault("name", fmt::format("it names {}, which is none of a session manager's business; leave it out or "
                                     "choose another name",
                                     word));
  return std::nullopt;
}

std::optional<Fault> fault_of_macro(std::string_view name) {
  static const Names interface = {"lab", "std", "tl", "main"};
  const bool reserved = is_reserved(name) && !is_include_guard(name);
  if (!reserved && !is_keyword(name) && !name.starts_with("LAB_") && !interface.contains(name)) return std::nullopt;
  return fault("macro", fmt::format("it redefines {}, which has a meaning already; name your macro otherwise", name));
}

std::optional<Fault> fault_of_header(std::string_view header) {
  const std::string_view name = header.size() > 2 ? header.substr(1, header.size() - 2) : std::string_view{};
  if (name == "session_manager.hpp" || is_common_header(name) || is_harmless_standard_header(name)) return std::nullopt;
  if (name == "pthread.h" || name == "semaphore.h" || name == "threads.h")
    return fault("include", fmt::format("it includes {}; use the standard library's own, <thread>, <mutex> and "
                                        "<semaphore>",
                                        header));
  if (name == "common/sqlite_database.hpp" || name == "common/faulty_database.hpp")
    return fault("include", fmt::format("it includes {}; use the database that the manager is given", header));
  return fault("include", fmt::format("it includes {}; what may be included is the C++ library without files, signals "
                                      "and jumps, headers of common/, and \"session_manager.hpp\"",
                                      header));
}

}  // namespace lab::grader
