#include "tools/grader/screen/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/grader/screen/try.hpp"

using namespace lab::test;
using lab::grader::objections_to_text;

namespace {

std::string said_of(const std::string& source, const std::string& header = "#pragma once\n") {
  const auto folder = scratch("text");
  std::ofstream(folder / "session_manager.cpp", std::ios::binary) << source;
  std::ofstream(folder / "session_manager.hpp", std::ios::binary) << header;
  return said(objections_to_text(folder));
}

}  // namespace

TEST_CASE("a submission without one of its files is refused") {
  const auto folder = scratch("missing");
  std::ofstream(folder / "session_manager.cpp") << "\n";
  std::filesystem::create_symlink("/etc/passwd", folder / "session_manager.hpp");
  CHECK(said(objections_to_text(folder)) ==
        "missing at session_manager.hpp: the submission has no file session_manager.hpp that can be read\n");
}

TEST_CASE("a file may be as long as the limit and no longer") {
  CHECK(said_of(std::string(lab::grader::text_bytes_max, '\n')) == "");
  CHECK(said_of(std::string(lab::grader::text_bytes_max + 1, '\n')) ==
        "size at session_manager.cpp: it is longer than 256 KiB\n");
}

TEST_CASE("an objection tells the line that an editor shows") {
  CHECK(said_of("/*\n*/ int a;\\\n\n#define X \\\n  __asm__(\"\")\n") ==
        "assembly at session_manager.cpp:5: it contains __asm__; write it in C++\n");
  CHECK(said_of("", "\n\n#line 3\n") ==
        "directive at session_manager.hpp:3: it gives its lines other names or numbers; "
        "leave that out, messages need the true ones\n");
}

TEST_CASE("a line that breaks a rule twice is told of once") {
  CHECK(said_of("asm(\"\"); asm(\"\");\n") == "assembly at session_manager.cpp:1: it contains asm; write it in C++\n");
}

TEST_CASE("forbidden words in comments and strings do no harm") {
  CHECK(said_of("// asm #line __has_include\nconst char* text = \"asm __tsan_init\"; /* pthread_create */\n") == "");
}

TEST_CASE("usual headers, macros, guards and conditions pass") {
  CHECK(said_of("#include \"session_manager.hpp\"\n#include <vector>\n#include <common/mutex.hpp>\n"
                "#define LIMIT(x) #x \"a\"\n#undef LIMIT\n#ifndef NDEBUG\n#elif defined(__clang__)\n#else\n#endif\n#\n"
                "#if __cplusplus > 202000L && defined(__cpp_lib_latch)\n#endif\nint my__name = __LINE__;\n",
                "#ifndef __SESSION_MANAGER_HPP__\n#define __SESSION_MANAGER_HPP__\n#pragma once\n#endif\n") == "");
}

TEST_CASE("a refused header's sentence says what to use instead") {
  CHECK(
      said_of("#include <pthread.h>\n#include <fstream>\n#include \"common/sqlite_database.hpp\"\n#include\n") ==
      "include at session_manager.cpp:1: it includes <pthread.h>; use the standard library's own, <thread>, <mutex> "
      "and "
      "<semaphore>\n"
      "include at session_manager.cpp:2: it includes <fstream>; what may be included is the C++ library without files, "
      "signals and jumps, headers of common/, and \"session_manager.hpp\"\n"
      "include at session_manager.cpp:3: it includes \"common/sqlite_database.hpp\"; use the database that the manager "
      "is "
      "given\n"
      "include at session_manager.cpp:4: an #include names no file\n");
}

TEST_CASE("a # that begins no directive is refused") {
  CHECK(said_of("int a; # define b\n") == "directive at session_manager.cpp:1: it has a # that begins no directive\n");
}

TEST_CASE("a pragma with more than once in it is refused") {
  CHECK(said_of("#pragma once GCC\n") == "pragma at session_manager.cpp:1: a #pragma other than once; leave it out\n");
}

TEST_CASE("a macro of a reserved name is told of once") {
  CHECK(said_of("#define __tsan_read8 1\n") ==
        "macro at session_manager.cpp:1: it redefines __tsan_read8, which has a meaning already; name your macro "
        "otherwise\n");
}
