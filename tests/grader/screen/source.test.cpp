#include "tools/grader/screen/source.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/grader/screen/try.hpp"
#include "tools/grader/screen/attributes.hpp"
#include "tools/grader/screen/declarations.hpp"
#include "tools/grader/screen/preprocessed.hpp"

using namespace lab::test;
using namespace lab::grader;

namespace {

std::string said_of(const std::string& source, const RunCompiler& run = compiler()) {
  const auto folder = scratch("source");
  std::ofstream(folder / "session_manager.cpp") << source;
  std::ofstream(folder / "session_manager.hpp") << "#pragma once\n#include \"common/interface.hpp\"\n#include <list>\n";
  const auto objections = objections_to_source(folder / "session_manager.cpp", compile_words(Form::fast), run);
  return objections ? said(*objections) : "error: " + objections.error();
}

std::string faults(std::vector<Fault> (*look)(const std::vector<Token>&), const std::string& text) {
  std::string all;
  for (const Fault& fault : look(tokens_of(text).all)) all += fault.rule + ": " + fault.sentence + "\n";
  return all;
}

std::string library(const std::string& text) { return faults(faults_of_declarations, text); }

const std::string start = "#include \"session_manager.hpp\"\n";

}  // namespace

TEST_CASE("what a macro makes is told of at the line that uses it") {
  CHECK(said_of(start + "#define PASTE(a, b) a##b\n\nPASTE(as, m)(\"\");\n") ==
        "assembly at session_manager.cpp:4: it contains asm; write it in C++\n");
}

TEST_CASE("what does not preprocess is told of in the compiler's words") {
  CHECK(said_of(start + "#if\n#endif\n") ==
        "preprocessing at session_manager.cpp: it can't be preprocessed: expected value in expression\n");
}

TEST_CASE("a source that does not include the interface is refused") {
  CHECK(said_of("#include <vector>\nint a;\n") ==
        "include at session_manager.cpp: it does not include \"common/interface.hpp\", which says what it has to "
        "define\n");
}

TEST_CASE("a macro before an include passes as long as the header does not notice") {
  CHECK(said_of("#define HARMLESS_LIMIT 3\n" + start + "#include <deque>\n") == "");
  CHECK(
      said_of("#define push_front push_forward\n" + start) ==
      "macro at session_manager.cpp: its macros or directives change what an included header says; define macros after "
      "the last #include\n");
}

TEST_CASE("an include within braces is refused, where the headers are already known too") {
  CHECK(said_of(start + "namespace lab::own {\n#include <deque>\n}\n") ==
        "include at session_manager.cpp:3: it has an #include within braces; put it at the top\n");
}

TEST_CASE("a line marker within a string moves nothing from one file to another") {
  // The text's part refuses raw strings; this part must not rely on that.
  CHECK(said_of(start + "const char* a = R\"(\n# 1 \"/usr/include/stdio.h\" 1 3\n)\";\nvoid f() { asm(\"\"); }\n"
                        "const char* b = R\"(\n# 9 \"session_manager.cpp\" 2\n)\";\n") ==
        "include at session_manager.cpp:3: it includes a file in a way that can't be followed\n");
  CHECK(
      said_of(start + "const char* a = R\"(\n# 1 \"/usr/include/stdio.h\" 3\n)\";\nvoid f() { asm(\"\"); }\n") ==
      "macro at session_manager.cpp: its macros or directives change what an included header says; define macros after "
      "the last #include\n");
}

TEST_CASE("headers that can't be preprocessed by themselves are no fault of the submission") {
  int runs = 0;
  const RunCompiler broken = [&runs](const std::vector<std::string>& words) {
    return ++runs == 1 ? compiler()(words) : Output{false, "error: no space left\nmore"};
  };
  const std::string text = said_of(start, broken);
  CHECK(text.starts_with("error: the headers that "));
  CHECK(text.ends_with(" includes can't be preprocessed by themselves: no space left"));
}

TEST_CASE("a compiler that does not work says nothing of the submission") {
  const RunCompiler missing = [](const std::vector<std::string>&) {
    return Output{false, "/usr/bin/clang++ can't be started: Permission denied\nmore", false};
  };
  CHECK(said_of(start, missing) ==
        "error: the compiler does not work: /usr/bin/clang++ can't be started: Permission denied");
}

TEST_CASE("line markers divide the text, and those of others enter no own line") {
  const auto divided = divide(
      "# 1 \"/s/session_manager.cpp\"\n# 1 \"<built-in>\" 1\n# 1 \"/s/session_manager.cpp\" 2\na\n"
      "# 1 \"/usr/x\" 1 3\n  b \n\n# 3 \"/s/session_manager.cpp\" 2\n# 7 not a marker\n",
      "/s");
  CHECK(divided.own == "a\n# 7 not a marker\n");
  CHECK(divided.others == "b\n");
  REQUIRE(divided.entered.size() == 1);
  CHECK(divided.entered[0].path == "/usr/x");
  CHECK(divided.entered[0].from.text() == "session_manager.cpp:2");
  CHECK(divided.places[1].text() == "session_manager.cpp:3");
}

TEST_CASE("the standard's attributes and those of thread safety pass") {
  CHECK(faults(faults_of_attributes,
               "[[nodiscard(\"a, b\"), maybe_unused]] int a; __attribute__((guarded_by(m[0]), unused)) int b; [[]]; "
               "[[gnu::noinline]] void f(); int c[3]; d[e[0]];") == "");
}

TEST_CASE("each other attribute is named") {
  const std::string rest = "; those that may be used are the standard's, and those of common/thread_annotations.hpp\n";
  CHECK(faults(faults_of_attributes, "[[nodiscard, gnu::weak]] int a; __attribute__((used, unused)) int b;") ==
        "attribute: it has the attribute gnu::weak" + rest + "attribute: it has the attribute used" + rest);
  CHECK(faults(faults_of_attributes, "[[a") == "attribute: it has an attribute whose brackets don't match\n");
  CHECK(faults(faults_of_attributes, "__attribute__(x)") ==
        "attribute: it has an attribute whose brackets don't match\n");
}

TEST_CASE("one's own templates, their members and std::hash may be specialised") {
  CHECK(library("template <> struct std::hash<lab::Own> {};") == "");
  CHECK(
      library(
          "namespace std { template <> struct hash<lab::Own> { int a; }; template <class T> class hash<B<T>> {}; }") ==
      "");
  CHECK(
      library("template <class T> struct Own { void f(); }; template <class T> void Own<T>::f() {} template <> struct "
              "Own<int> {}; template <class F = decltype([]() -> int { return 1; })> void g(F); template <> void "
              "g<int>(int) {}") == "");
  CHECK(library("using namespace std; namespace c = std::chrono; namespace { int a; } namespace lab::own {}") == "");
}

TEST_CASE("what a library declares may not be specialised") {
  const std::string function =
      "library: it specialises a function by its qualified name, which may be a library's; write an overload\n";
  CHECK(library("template <> bool tl::expected<A, B>::has_value() const;") == function);
  CHECK(library("template <> void std::swap(A&, A&) {}") == function);
  CHECK(library("template <> void std::swap<A>(A&, A&) {}") == function);
  CHECK(library("template <> tl::expected<A, B>::~expected() {}") == function);
  CHECK(library("template <> tl::expected<A, B>::operator bool() const;") == function);
  CHECK(library("template <> auto lab::Alias::value() -> int&;") == function);
  CHECK(library("template <> class std::vector<A> {};") ==
        "library: it specialises std::vector, which others use too; only std::hash may be specialised\n");
  CHECK(library("template <class T> struct [[nodiscard]] ::tl::expected<T, A> {};") ==
        "library: it specialises tl::expected, which others use too; only std::hash may be specialised\n");
  CHECK(library("namespace std { template <> struct hash<A> {}; void f(); }") ==
        "library: it opens namespace std; of a library only std::hash may be specialised\n");
  CHECK(library("inline namespace std::own {}") ==
        "library: it opens namespace std; of a library only std::hash may be specialised\n");
}

TEST_CASE("the judges' namespaces are none of a submission's business") {
  CHECK(library("namespace lab::test {}") ==
        "name: it opens namespace test, which the judges use; choose another name\n");
  CHECK(library("lab::explorer::stop();") ==
        "name: it names lab::explorer, which is none of a session manager's business\n");
}
