#include "tools/explorer/account/symbols.hpp"

#include <backtrace.h>
#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <unordered_map>

#include "tools/explorer/account/elf.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

// Where a bracket that opens at `begin` closes; the text's end if it never does.
std::size_t closing(std::string_view text, std::size_t begin, char open, char close) {
  std::size_t depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const bool arrow = text[i] == '>' && i > 0 && text[i - 1] == '-';
    if (text[i] == open) ++depth;
    if (text[i] == close && !arrow && --depth == 0) return i;
  }
  return text.size();
}

bool starts_word(std::string_view so_far) { return so_far.empty() || so_far.back() == ':' || so_far.back() == ' '; }

// The operator whose name the text begins with: its brackets are part of the name.
std::string_view operator_at(std::string_view text) {
  static constexpr std::array names = {
      "operator()", "operator[]", "operator<=>", "operator<<=", "operator>>=", "operator->*", "operator->",
      "operator<<", "operator>>", "operator<=",  "operator>=",  "operator<",   "operator>"};
  for (const std::string_view name : names)
    if (text.starts_with(name)) return name;
  return {};
}

// Past what may follow a parameter list: " const", " &&", ...
std::string_view without_qualifiers(std::string_view text) {
  static constexpr std::array qualifiers = {" const", " volatile", " noexcept", " &&", " &", "&&", "&"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view qualifier : qualifiers) {
      if (!text.starts_with(qualifier)) continue;
      text.remove_prefix(qualifier.size());
      again = true;
    }
  }
  return text;
}

// "$_0": how clang calls a lambda of a function that has no name outside its file.
std::size_t clang_lambda_length(std::string_view text) {
  if (!text.starts_with("$_")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789", 2);
  return end == std::string_view::npos ? text.size() : end;
}

std::string demangled(const char* name) {
  int status = 0;
  char* const text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string result = status == 0 && text != nullptr ? text : name;
  std::free(text);
  return result;
}

// The first file of a DWARF 5 unit may have an absolute name, and libbacktrace puts the unit's folder before it all the
// same: where there is no such file, what follows the folder may be it.
std::string resolved(const char* file) {
  const std::string name = std::filesystem::path(file).lexically_normal().string();
  std::error_code error;
  if (std::filesystem::exists(name, error)) return name;
  for (std::size_t slash = name.find('/', 1); slash != std::string::npos; slash = name.find('/', slash + 1))
    if (std::filesystem::exists(name.substr(slash), error)) return name.substr(slash);
  return name;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// Tabs as the spaces that they stand for, and no carriage return at the end.
std::string with_spaces(const std::string& text) {
  constexpr std::size_t tab = 4;
  std::string spaced;
  for (const char c : text) {
    if (c == '\t') {
      spaced.append(tab - spaced.size() % tab, ' ');
    } else if (c != '\r') {
      spaced += c;
    }
  }
  return spaced;
}

// A static local of a C function is "calls.0": the compiler numbers those of one name.
std::string without_number(std::string name) {
  const std::size_t point = name.rfind('.');
  if (point == std::string::npos || point == 0 || point + 1 == name.size()) return name;
  if (name.find_first_not_of("0123456789", point + 1) == std::string::npos) name.resize(point);
  return name;
}

// A program without debug information is no error of ours: what is not known stays empty.
void ignore_error(void*, const char*, int) {}

struct Symbol {
  std::string name;
  std::uint64_t begin = 0;
};

bool is_runtime(const Place& place) {
  return place.file.find("/tools/explorer/runtime/") != std::string::npos ||
         place.function.starts_with("lab::explorer::");
}

}  // namespace

std::string location(const Place& place) {
  if (place.file.empty()) return "?";
  return fmt::format("{}:{}", std::filesystem::path(place.file).filename().string(), place.line);
}

std::string location_and_function(const Place& place) {
  return place.function.empty() ? location(place) : fmt::format("{} ({})", location(place), place.function);
}

bool is_own(const Place& place) {
  if (place.file.empty() || place.file.front() == '<') return false;
  static constexpr std::array installed = {"/usr/include/", "/usr/lib/", "/usr/lib64/", "/usr/local/include/",
                                           "/lib/",         "bits/",     "ext/"};
  for (const std::string_view folder : installed)
    if (place.file.starts_with(folder)) return false;
  // A compiler of one's own brings its library along: .../include/c++/13/bits/..., .../lib/clang/19/include/...
  for (const std::string_view folder : {"/c++/", "/lib/clang/", "/lib/gcc/"})
    if (place.file.find(folder) != std::string::npos) return false;
  return !is_runtime(place);
}

std::string short_name(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    constexpr std::string_view anonymous = "(anonymous namespace)::";
    const bool word = starts_word(name);
    if (text.starts_with(anonymous)) {
      text.remove_prefix(anonymous.size());
    } else if (const std::string_view symbol = operator_at(text); word && !symbol.empty()) {
      // Calling a lambda is what it is for.
      if (symbol == "operator()" && name.ends_with("lambda::")) {
        name.resize(name.size() - 2);
      } else {
        name += symbol;
      }
      text.remove_prefix(symbol.size());
      if (text.starts_with(" <")) text.remove_prefix(1);  // "operator< <int>"
    } else if (word && text.starts_with("operator ")) {   // a conversion: the type is its name
      const std::size_t end = std::min(text.find('('), text.size());
      name += text.substr(0, end);
      text.remove_prefix(end);
    } else if (const std::size_t length = clang_lambda_length(text); word && length > 0) {
      name += "lambda";
      text.remove_prefix(length);
    } else if (text.front() == '{') {
      name += text.starts_with("{lambda") ? "lambda" : "unnamed";
      text.remove_prefix(std::min(closing(text, 0, '{', '}') + 1, text.size()));
    } else if (text.front() == '(') {
      text.remove_prefix(std::min(closing(text, 0, '(', ')') + 1, text.size()));
      text = without_qualifiers(text);
      if (!text.starts_with("::")) break;  // it was the last parameter list; "[clone .cold]" may follow
    } else if (text.front() == '<') {
      text.remove_prefix(std::min(closing(text, 0, '<', '>') + 1, text.size()));
    } else if (text.front() == '[') {  // [abi:cxx11]
      text.remove_prefix(std::min(closing(text, 0, '[', ']') + 1, text.size()));
    } else if (text.front() == '@') {  // a symbol's version
      break;
    } else if (text.front() == ' ') {  // what stood before was the return type
      name.clear();
      text.remove_prefix(1);
    } else {
      name += text.front();
      text.remove_prefix(1);
    }
  }
  return name;
}

namespace {

struct Member {
  std::string_view type;  // without what it is itself in; empty: a function that is in nothing
  std::string_view name;
};

Member member_of(std::string_view function) {
  const std::size_t colons = function.rfind("::");
  if (colons == std::string_view::npos) return {{}, function};
  const std::string_view outer = function.substr(0, colons);
  const std::size_t begin = outer.rfind("::");
  return {begin == std::string_view::npos ? outer : outer.substr(begin + 2), function.substr(colons + 2)};
}

// A constructor or the destructor.
bool makes_or_ends(const Member& member) {
  const std::string_view name = member.name.starts_with('~') ? member.name.substr(1) : member.name;
  return !member.type.empty() && name == member.type;
}

bool is_never_within(const Place&) { return false; }

// A class of the program's own that locks in its constructor, or a mutex of its own around the library's.
bool is_within_lock_wrapper(const Place& place) {
  static constexpr std::array members = {"lock",        "unlock",        "try_lock",
                                         "lock_shared", "unlock_shared", "try_lock_shared"};
  const Member member = member_of(place.function);
  if (member.type.empty()) return false;  // a function of the program's own: what it does is the point
  if (std::find(members.begin(), members.end(), member.name) != members.end()) return true;
  if (!makes_or_ends(member)) return false;
  static constexpr std::array endings = {"Lock", "Guard", "lock", "guard"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return member.type.ends_with(ending); });
}

// A member that the compiler wrote has the line where its class begins as its place, or a lone brace.
bool says_nothing(const Place& place, std::string_view text) {
  if (text.starts_with("struct ") || text.starts_with("class ")) return true;
  const Member member = member_of(place.function);
  const bool special = makes_or_ends(member) || (!member.type.empty() && member.name == "operator=");
  return special && (text == "{" || text == "}" || text == "};");
}

}  // namespace

std::optional<Place> Names::find_place(std::span<const std::uint64_t> stack, bool (*is_within)(const Place&)) {
  std::optional<Place> innermost;
  for (const std::uint64_t address : stack) {
    for (const Place& place : frames(address)) {
      if (!is_own(place)) continue;
      if (!innermost) innermost = place;
      if (!is_within(place) && !says_nothing(place, source_line(place.file, place.line))) return place;
    }
  }
  return innermost;
}

std::optional<Place> Names::place_of(std::span<const std::uint64_t> stack) {
  return find_place(stack, is_never_within);
}

std::optional<Place> Names::lock_place_of(std::span<const std::uint64_t> stack) {
  return find_place(stack, is_within_lock_wrapper);
}

std::optional<Place> Names::any_place_of(std::span<const std::uint64_t> stack) {
  if (std::optional<Place> own = place_of(stack)) return own;
  for (const std::uint64_t address : stack)
    for (const Place& place : frames(address))
      if ((!place.file.empty() || !place.function.empty()) && !is_runtime(place)) return place;
  return std::nullopt;
}

struct Symbols::State {
  std::string path;  // libbacktrace keeps the pointer
  std::uint64_t begin = 0, end = 0;
  backtrace_state* backtrace = nullptr;
  std::unordered_map<std::uint64_t, std::vector<Place>> frames;
  std::map<std::string, std::vector<std::string>> files;

  // libbacktrace also looks into the libraries of this process; those addresses mean nothing in the program's.
  bool has(std::uint64_t address) const { return address >= begin && address < end; }

  Symbol symbol_at(std::uint64_t address) const {
    const auto found = [](void* data, std::uintptr_t, const char* name, std::uintptr_t value, std::uintptr_t) {
      if (name == nullptr) return;
      *static_cast<Symbol*>(data) = {demangled(name), value};
    };
    Symbol symbol;
    if (has(address)) backtrace_syminfo(backtrace, address, found, ignore_error, &symbol);
    return symbol;
  }
};

Symbols::Symbols(std::unique_ptr<State> state) : state_(std::move(state)) {}
Symbols::~Symbols() = default;

tl::expected<std::unique_ptr<Symbols>, std::string> Symbols::open(const std::string& path) {
  const tl::expected<Elf, std::string> elf = read_elf(path);
  if (!elf) return tl::unexpected(elf.error());
  if (!elf->fixed_addresses) {
    return tl::unexpected(fmt::format("{} is position independent: link it with -no-pie, as ./lab cxx does", path));
  }
  auto state = std::make_unique<State>();
  state->path = path;
  state->begin = elf->begin;
  state->end = elf->end;
  state->backtrace = backtrace_create_state(state->path.c_str(), 0, ignore_error, nullptr);
  if (state->backtrace == nullptr) return tl::unexpected(fmt::format("no memory to read the symbols of {}", path));
  return std::unique_ptr<Symbols>(new Symbols(std::move(state)));
}

const std::vector<Place>& Symbols::frames(std::uint64_t return_address) {
  const auto [entry, is_new] = state_->frames.try_emplace(return_address);
  std::vector<Place>& places = entry->second;
  // The call itself ends just before the address that it returns to, which may belong to the next line.
  const std::uint64_t pc = return_address - 1;
  if (!is_new || !state_->has(pc)) return places;
  const auto add = [](void* data, std::uintptr_t, const char* file, int line, const char* function) {
    if (file == nullptr && function == nullptr) return 0;
    Place place;
    if (file != nullptr) place.file = resolved(file);
    place.line = line;
    if (function != nullptr) place.function = short_name(demangled(function));
    static_cast<std::vector<Place>*>(data)->push_back(std::move(place));
    return 0;
  };
  backtrace_pcinfo(state_->backtrace, pc, add, ignore_error, &places);
  // g++ gives a lambda no linkage name; the symbol table knows it, unless it was inlined.
  for (Place& place : places)
    if (place.function == "operator()") place.function = "lambda";
  if (places.empty() || places.back().function == "lambda") {
    const Symbol symbol = state_->symbol_at(pc);
    if (!symbol.name.empty() && places.empty()) places.push_back({});
    if (!symbol.name.empty()) places.back().function = short_name(symbol.name);
  }
  return places;
}

std::string Symbols::object_name(std::uint64_t address) {
  const Symbol symbol = state_->symbol_at(address);
  if (symbol.name.empty()) return {};
  const std::string name = without_number(short_name(symbol.name));
  return symbol.begin == address ? name : fmt::format("{}+{}", name, address - symbol.begin);
}

std::string Symbols::source_line(const std::string& file, int line) {
  return std::string(trimmed(indented_line(file, line)));
}

std::string Symbols::indented_line(const std::string& file, int line) {
  const auto [entry, is_new] = state_->files.try_emplace(file);
  std::vector<std::string>& lines = entry->second;
  if (is_new) {
    // A pipe or a device under that name would never end.
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) {
      std::ifstream in(file);
      for (std::string text; std::getline(in, text);) lines.push_back(clean(with_spaces(text)));
    }
  }
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return {};
  return lines[static_cast<std::size_t>(line) - 1];
}

}  // namespace lab::explorer
