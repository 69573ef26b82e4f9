#include "tools/grader/screen/object.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/grader/hostile/hostile.hpp"
#include "tests/grader/screen/try.hpp"

using namespace lab::test;
using namespace lab::grader;
namespace fs = std::filesystem;

namespace {

// Compiles the text alone, whatever the other parts of the screen say of it.
fs::path compiled(const std::string& text, Form form = Form::fast) {
  const fs::path folder = scratch("object");
  std::ofstream(folder / "session_manager.cpp") << text;
  return object_of(folder, form);
}

std::string said_of(const std::string& text) {
  const auto objections = objections_to_object(compiled(text), common_symbols());
  return objections ? said(*objections) : "error: " + objections.error();
}

}  // namespace

TEST_CASE("an object that defines a sanitizer's hook is refused, whatever the source's part says") {
  CHECK(said_of("extern \"C\" const char* __tsan_default_suppressions() { return \"race:*\"; }") ==
        "defined_symbol at : it defines __tsan_default_suppressions, which could silence ThreadSanitizer\n");
}

TEST_CASE("what an object wants is looked at, weak or not") {
  CHECK(said_of("extern \"C\" void __tsan_acquire(void*) __attribute__((weak)); void* f() { return "
                "(void*)&__tsan_acquire; }") ==
        "needed_symbol at : it needs __tsan_acquire, by which a program tells a sanitizer what to see; leave it out\n");
}

TEST_CASE("sections that no C++ compiles to are refused") {
  CHECK(said_of("void f() {} __attribute__((section(\".preinit_array\"), used)) void (*const g)() = f;") ==
        "section at : it has a section .preinit_array, which no C++ compiles to\n");
  CHECK(said_of("namespace lab { __attribute__((section(\"own\"))) int a = 1; }") ==
        "section at : it has a section own, which no C++ compiles to\n");
  CHECK(said_of("__attribute__((section(\".init\"))) void f() {}") ==
        "section at : its section .init holds code where none belongs\n");
  CHECK(said_of("asm(\".section .textual, \\\"awx\\\"\\n nop\\n .text\");") ==
        "section at : its section .textual holds code where none belongs\n");
}

TEST_CASE("data among the code is refused") {
  CHECK(said_of("asm(\".type hidden, @object\\nhidden: .long 1\");") ==
        "section at : it has data, hidden, among its code\n");
}

TEST_CASE("a function that is chosen at load time is refused") {
  CHECK(said_of("extern \"C\" void* choose() { return nullptr; } extern \"C\" __attribute__((ifunc(\"choose\"))) int "
                "chosen();")
            .find("it chooses chosen when it is loaded; write an if") != std::string::npos);
}

TEST_CASE("a symbol in no section, or with a version, is refused") {
  CHECK(said_of("asm(\".globl here\\nhere = 0x1000\");") == "defined_symbol at : its symbol here is in no section\n");
  CHECK(said_of("asm(\".comm shared, 8\");") == "defined_symbol at : its symbol shared is in no section\n");
  CHECK(said_of("asm(\"own:\\n ret\\n.symver own, exit@GLIBC_2.2.5\");").find("has a version") != std::string::npos);
}

TEST_CASE("an object's own state and static objects pass") {
  CHECK(
      said_of(
          "#include <map>\nnamespace lab { std::map<int, int> all{{1, 2}}; thread_local int mine = 3; int f() { static "
          "const std::map<int, int> once = all; return mine + once.at(1); } }") == "");
}

TEST_CASE("accesses that ThreadSanitizer is told of are counted, and there are none without it") {
  const std::string text = "namespace lab { int f(int& a, long& b) { return a = static_cast<int>(++b); } }";
  // The reads of both parameters' and of b's value, and the writes of both: no others are instrumented.
  CHECK(instrumented_accesses(compiled(text, Form::tsan)).value() >= 3);
  CHECK(instrumented_accesses(compiled(text)).value() == 0);
}

TEST_CASE("the archive of common/ tells what it defines, without what it wants") {
  CHECK(common_symbols().contains("_ZN3lab14new_session_idEv"));
  CHECK_FALSE(common_symbols().contains("memcpy"));
}

TEST_CASE("a file that is no object is an error and no objection") {
  const fs::path folder = scratch("no-object");
  std::ofstream(folder / "a.o") << "int main() {}\n";
  const auto objections = objections_to_object(folder / "a.o", {});
  REQUIRE_FALSE(objections);
  CHECK(objections.error().starts_with((folder / "a.o").string() + " can't be read as an object: "));
  CHECK_FALSE(strong_definitions(folder / "not-there.o"));
  CHECK_FALSE(instrumented_accesses(folder));
  CHECK(strong_definitions(folder / "not-there.o").error() ==
        (folder / "not-there.o").string() + " can't be read as an object: it can't be opened");
}

TEST_CASE("an object that is cut anywhere is an error or judged, and no reason to fall") {
  const std::string whole = contents_of(compiled("namespace lab { int f() { return 1; } }"));
  const fs::path folder = scratch("cut");
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    std::ofstream(folder / "a.o", std::ios::binary) << whole.substr(0, length);
    (void)objections_to_object(folder / "a.o", common_symbols());
    (void)instrumented_accesses(folder / "a.o");
  }
}
