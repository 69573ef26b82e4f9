// From the numbers in a Log to names: program counters to source places, addresses to globals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace lab::explorer {

struct Place {
  std::string file;      // as the compiler wrote it down, "a/../b" resolved; empty if unknown
  int line = 0;          // from 1; 0 if unknown
  std::string function;  // without arguments, return type and template arguments; a lambda is "outer::lambda"

  bool operator==(const Place&) const = default;
};

// "counter.cpp:12": the last part of the file's name. "?" where the place is unknown.
std::string location(const Place& place);

// "counter.cpp:12 (Counter::add)"; without the function where it is unknown.
std::string location_and_function(const Place& place);

// Code of the program's own author: not the standard library's or another installed header, not the explorer's runtime.
bool is_own(const Place& place);

// A demangled C++ name (or a C name, which stays as it is) as a person would say it.
std::string short_name(std::string_view demangled);

// What the account asks of a program. An interface, so that an account can be given of a program that never was.
// Implementations may cache: not thread safe.
class Names {
public:
  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;
  virtual ~Names() = default;

  // The places of a return address, innermost first: more than one where functions were inlined. Empty if unknown.
  // Valid as long as this object.
  virtual const std::vector<Place>& frames(std::uint64_t return_address) = 0;

  // The name of the global at an address: "counter", and "counter+8" inside it. Empty if there is none.
  virtual std::string object_name(std::uint64_t address) = 0;

  // A line of a source file without the space around it; empty if it can't be read.
  virtual std::string source_line(const std::string& file, int line) = 0;

  // The same with the space before it, for lines that are shown one below the other. Where nobody knows better,
  // without.
  virtual std::string indented_line(const std::string& file, int line) { return source_line(file, line); }

  // The innermost own place of a call stack of return addresses, that of the step itself first.
  std::optional<Place> place_of(std::span<const std::uint64_t> stack);
  // The same for taking or giving up a lock: the place that uses a lock's wrapper, not the one within it.
  std::optional<Place> lock_place_of(std::span<const std::uint64_t> stack);

  // The same as place_of, or else the innermost place that is known at all and not the explorer's.
  std::optional<Place> any_place_of(std::span<const std::uint64_t> stack);

private:
  // The innermost own place that says something, of those that `is_within` does not hold for; else the innermost own
  // one.
  std::optional<Place> find_place(std::span<const std::uint64_t> stack, bool (*is_within)(const Place&));
};

// The names of an ELF file linked with -no-pie, from its debug information and symbol table. Each object reads the file
// anew, and libbacktrace never gives its memory back: make one for a program.
class Symbols : public Names {
public:
  // The error is a sentence: no such file, not a program, or a position-independent one. A program without debug
  // information opens; its frames have no file and line.
  static tl::expected<std::unique_ptr<Symbols>, std::string> open(const std::string& path);
  ~Symbols() override;

  const std::vector<Place>& frames(std::uint64_t return_address) override;
  std::string object_name(std::uint64_t address) override;
  std::string source_line(const std::string& file, int line) override;
  std::string indented_line(const std::string& file, int line) override;

private:
  struct State;
  explicit Symbols(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lab::explorer
