// What of a copy is compiled ahead: no more than it says itself.
#include "tools/exercises/includes.hpp"

#include <catch2/catch_test_macros.hpp>

using lab::exercises::leading_includes;

namespace {

const std::string source = "// why\n\n#include \"session_manager.hpp\"\n#include <map>\n";

}  // namespace

TEST_CASE("the includes with which a copy's header begins are compiled ahead") {
  CHECK(leading_includes("// why\n#pragma once\n\n#include <atomic>\n#include <memory>  // pointers\r\n\n"
                         "#include \"common/mutex.hpp\"\n\nnamespace lab {\n#include <late>\n",
                         source) == "#include <atomic>\n#include <memory>\n#include \"common/mutex.hpp\"\n");
  CHECK(leading_includes("namespace lab {}\n", source).empty());
  CHECK(leading_includes("", source).empty());
}

TEST_CASE("what comes after anything else is not compiled ahead") {
  const std::string first = "#include <atomic>\n";
  for (const char* const line :
       {"#define NDEBUG\n", "#if 0\n", "/* why */\n", "#include \"mine.hpp\"\n", "#include MINE\n",
        "#include <map> /*\n", "#include <map> // \\\n", "// \\\n", "  #include <map>\n"})
    CHECK(leading_includes(first + line + "#include <mutex>\n", source) == first);
}

TEST_CASE("nothing is compiled ahead of a source that begins with something else than its header") {
  const std::string header = "#include <atomic>\n";
  for (const char* const begin : {"#define X\n", "#include <map>\n", "int x;\n", "/* why */\n"})
    CHECK(leading_includes(header, begin + source).empty());
  CHECK(leading_includes(header, "").empty());
  CHECK(leading_includes(header, source) == header);
}
