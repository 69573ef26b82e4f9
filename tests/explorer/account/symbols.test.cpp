#include "tools/explorer/account/symbols.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/explorer/account/story.hpp"
#include "tools/explorer/account/schedule.hpp"

using namespace lab::explorer;

namespace {

const std::string fixture = LAB_ACCOUNT_FIXTURE;

struct Known {
  std::uint64_t address = 0;
  int line = 0;
};

// What the fixture says of itself.
std::map<std::string, Known> known_places() {
  std::map<std::string, Known> places;
  std::FILE* const pipe = ::popen(fixture.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 32> name{};
  Known known;
  unsigned long address = 0;
  while (std::fscanf(pipe, "%31s %lx %d", name.data(), &address, &known.line) == 3) {
    known.address = address;
    places[name.data()] = known;
  }
  ::pclose(pipe);
  return places;
}

std::unique_ptr<Symbols> open_fixture() {
  auto symbols = Symbols::open(fixture);
  REQUIRE(symbols);
  return std::move(*symbols);
}

}  // namespace

TEST_CASE("a return address is shown at the line of the call, in a function without arguments", "[explorer][account]") {
  const auto symbols = open_fixture();
  auto places = known_places();
  const std::map<std::string, std::string> functions = {{"main", "main"},
                                                        {"lambda", "main::lambda"},
                                                        {"c", "in_c"},
                                                        {"template", "bank::of_template"},
                                                        {"operator", "bank::Teller::operator()"}};
  for (const auto& [name, function] : functions) {
    INFO(name);
    const auto& frames = symbols->frames(places[name].address);
    REQUIRE(frames.size() == 1);
    CHECK(std::filesystem::path(frames[0].file).filename() == "fixture.cpp");
    CHECK(frames[0].line == places[name].line);
    CHECK(frames[0].function == function);
    CHECK(is_own(frames[0]));
  }
}

TEST_CASE("an inlined function and who it was inlined into are both there, innermost first", "[explorer][account]") {
  const auto symbols = open_fixture();
  auto places = known_places();
  const auto& frames = symbols->frames(places["inlined"].address);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].function == "bank::inlined");
  CHECK(frames[0].line == places["inlined"].line);
  CHECK(frames[1].function == "main");
}

TEST_CASE("a stack is shown at its innermost own place", "[explorer][account]") {
  const auto symbols = open_fixture();
  auto places = known_places();
  const auto& library = symbols->frames(places["library"].address);
  REQUIRE(library.size() == 1);
  CHECK(library[0].function == "std::max");
  CHECK_FALSE(is_own(library[0]));
  REQUIRE(symbols->frames(places["runtime"].address).size() == 1);
  CHECK_FALSE(is_own(symbols->frames(places["runtime"].address)[0]));

  const std::array<std::uint64_t, 4> stack = {places["library"].address, places["runtime"].address, places["c"].address,
                                              places["main"].address};
  REQUIRE(symbols->place_of(stack));
  CHECK(symbols->place_of(stack)->function == "in_c");
  CHECK_FALSE(symbols->place_of(std::span(stack).first(2)));
  CHECK(symbols->any_place_of(std::span(stack).first(2))->function == "std::max");
  CHECK_FALSE(symbols->any_place_of(std::span(stack).subspan(1, 1)));  // the runtime's is nobody's place
}

TEST_CASE("globals have their names, and an offset inside them", "[explorer][account]") {
  const auto symbols = open_fixture();
  auto places = known_places();
  CHECK(symbols->object_name(places["account"].address) == "bank::account");
  CHECK(symbols->object_name(places["account"].address + 8) == "bank::account+8");
  CHECK(symbols->object_name(places["hidden"].address) == "hidden");
  CHECK(symbols->object_name(places["calls"].address) == "main::calls");
}

TEST_CASE("addresses outside the program have no names, even where this process has something", "[explorer][account]") {
  const auto symbols = open_fixture();
  const auto mine = reinterpret_cast<std::uintptr_t>(&std::malloc);
  CHECK(symbols->object_name(mine).empty());
  CHECK(symbols->frames(mine + 1).empty());
  CHECK(symbols->frames(0).empty());
  CHECK(symbols->object_name(0).empty());
  CHECK(symbols->object_name(~std::uint64_t{0}).empty());
}

TEST_CASE("a source line is trimmed, and empty where there is none", "[explorer][account]") {
  const auto symbols = open_fixture();
  auto places = known_places();
  const Place place = symbols->frames(places["main"].address)[0];
  CHECK(symbols->source_line(place.file, place.line) == "bank::say(\"main\", bank::return_address(1), __LINE__);");
  CHECK(symbols->source_line(place.file, 0).empty());
  CHECK(symbols->source_line(place.file, 100'000).empty());
  CHECK(symbols->source_line("/no/such/file.cpp", 1).empty());
  CHECK(symbols->source_line("/dev/zero", 1).empty());
}

TEST_CASE("what is no program linked with -no-pie is refused by name", "[explorer][account]") {
  CHECK(Symbols::open("/no/such/program").error() == "can't read /no/such/program: No such file or directory");
  const std::string text = std::filesystem::temp_directory_path() / "lab_account_no_program.txt";
  std::ofstream(text) << "no program";
  CHECK(Symbols::open(text).error() == text + " is not a 64-bit program for Linux");
  CHECK(build_id_of(text).error() == text + " is not a 64-bit program for Linux");
  std::filesystem::remove(text);
  CHECK(Symbols::open("/bin/sh").error() == "/bin/sh is position independent: link it with -no-pie, as ./lab cxx does");
}

TEST_CASE("a program cut off anywhere in its headers is refused or has no build id of its own", "[explorer][account]") {
  std::ifstream in(fixture, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string part = std::filesystem::temp_directory_path() / "lab_account_part_of_a_program";
  for (std::size_t size = 0; size < 1200; size += 7) {
    std::ofstream(part, std::ios::binary) << whole.substr(0, size);
    const auto id = build_id_of(part);
    CHECK((!id || id->size() == 8));
  }
  std::filesystem::remove(part);
}

TEST_CASE("the build id is 8 hex digits and the same each time", "[explorer][account]") {
  const auto id = build_id_of(fixture);
  REQUIRE(id);
  CHECK(id->size() == 8);
  CHECK(id->find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(build_id_of(fixture) == id);
}

TEST_CASE("names are as short as a person says them", "[explorer][account]") {
  CHECK(short_name("main") == "main");
  CHECK(short_name("bank::transfer(bank::Account&, int)") == "bank::transfer");
  CHECK(short_name("(anonymous namespace)::work(int)") == "work");
  CHECK(short_name("main::{lambda(int)#1}::operator()(int) const") == "main::lambda");
  CHECK(short_name("bank::f(int)::{lambda()#2}::operator()() const") == "bank::f::lambda");
  CHECK(short_name("C::f(int) const::{lambda()#2}::operator()() const") == "C::f::lambda");
  CHECK(short_name("main::$_0::operator()() const") == "main::lambda");
  CHECK(short_name("void work<std::vector<int, std::allocator<int> > >(int)") == "work");
  CHECK(short_name("std::map<int, int>::operator[](int const&)") == "std::map::operator[]");
  CHECK(short_name("Less::operator()(int, int) const") == "Less::operator()");
  CHECK(short_name("bool operator< <int>(A<int> const&, A<int> const&)") == "operator<");
  CHECK(short_name("A::operator<=>(A const&) const") == "A::operator<=>");
  CHECK(short_name("A::operator bool() const") == "A::operator bool");
  CHECK(short_name("text[abi:cxx11]()") == "text");
  CHECK(short_name("std::cout@GLIBCXX_3.4") == "std::cout");
  CHECK(short_name("work(int) [clone .cold]") == "work");
  CHECK(short_name("broken<(((") == "broken");
  CHECK(short_name("").empty());
}

TEST_CASE("own is what is neither installed nor the explorer's", "[explorer][account]") {
  CHECK(is_own({"/home/me/f.cpp", 1, "work"}));
  CHECK(is_own({"bits.cpp", 1, "work"}));
  CHECK(is_own({"/home/me/bits/f.cpp", 1, "work"}));
  CHECK_FALSE(is_own({"", 0, "work"}));
  CHECK_FALSE(is_own({"/usr/include/c++/12/mutex", 1, "std::mutex::lock"}));
  CHECK_FALSE(is_own({"/usr/lib/gcc/x86_64-linux-gnu/12/include/x.h", 1, "f"}));
  CHECK_FALSE(is_own({"/opt/gcc-14/include/c++/14/bits/std_mutex.h", 1, "std::mutex::lock"}));
  CHECK_FALSE(is_own({"/home/me/tools/explorer/runtime/locks.cpp", 1, "pthread_mutex_lock"}));
  CHECK_FALSE(is_own({"/home/me/f.cpp", 1, "lab::explorer::point"}));
}
