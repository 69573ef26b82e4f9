#include "tools/grader/screen/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tools/grader/screen/file.hpp"
#include "tools/grader/screen/tokens.hpp"
#include "tools/grader/screen/words.hpp"

namespace lab::grader {
namespace {

class Reader {
public:
  Reader(std::string file, Objections& objections) : file_(std::move(file)), objections_(objections) {}

  void read(const std::string& text) {
    Tokens tokens = tokens_of(text);
    // What stands before the first fault is told of as well.
    look_at(tokens.all);
    for (const Fault& fault : tokens.faults) object(fault, fault.line);
  }

private:
  void object(const Fault& fault, int line) {
    if (told_.emplace(line, fault.rule).second)
      objections_.push_back({fault.rule, fmt::format("{}:{}", file_, line), fault.sentence});
  }

  void look_at(const std::vector<Token>& tokens) {
    for (std::size_t i = 0; i < tokens.size();) {
      const bool directive = tokens[i].is("#") && tokens[i].begins_line;
      std::size_t end = i + 1;
      while (directive && end < tokens.size() && !tokens[end].begins_line) ++end;
      if (directive) look_at_directive(tokens, i + 1, end);
      // Within a macro's definition # makes a string of an argument; elsewhere it has no meaning.
      if (!directive && tokens[i].is("#"))
        object({"directive", 0, "it has a # that begins no directive"}, tokens[i].line);
      for (; i < end; ++i) look_at_word(tokens[i]);
    }
  }

  void look_at_word(const Token& token) {
    if (token.kind != Token::Kind::word || token.line == macro_at_) return;
    if (const auto fault = fault_of_word(token.text)) object(*fault, token.line);
  }

  // The tokens of one directive, without its #.
  void look_at_directive(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
    if (begin == end) return;  // a # alone does nothing
    const std::string& name = tokens[begin].text;
    const int line = tokens[begin].line;
    const Token* argument = begin + 1 < end ? &tokens[begin + 1] : nullptr;
    static const std::set<std::string> conditions = {"if", "ifdef", "ifndef", "elif", "else", "endif"};
    if (conditions.contains(name)) return;
    if (name == "include") {
      if (argument == nullptr || argument->kind != Token::Kind::header) {
        object({"include", 0, "an #include names no file"}, line);
      } else if (const auto fault = fault_of_header(argument->text)) {
        object(*fault, line);
      }
    } else if (name == "define" || name == "undef") {
      if (argument == nullptr) return;
      if (const auto fault = fault_of_macro(argument->text)) {
        object(*fault, line);
        macro_at_ = argument->line;
      }
    } else if (name == "pragma") {
      if (argument == nullptr || !argument->is("once") || begin + 2 != end)
        object({"pragma", 0, "a #pragma other than once; leave it out"}, line);
    } else if (name == "line" || tokens[begin].kind == Token::Kind::number) {
      object({"directive", 0, "it gives its lines other names or numbers; leave that out, messages need the true ones"},
             line);
    } else if (name == "include_next" || name == "import" || name == "embed") {
      object({"include", 0, fmt::format("it has an #{}; write #include", name)}, line);
    } else {
      object({"directive", 0, fmt::format("it has a directive #{}; leave it out", name)}, line);
    }
  }

  const std::string file_;
  Objections& objections_;
  std::set<std::pair<int, std::string>> told_;
  int macro_at_ = 0;  // the line of a macro that was objected to: once is enough
};

}  // namespace

Objections objections_to_text(const std::filesystem::path& folder) {
  Objections objections;
  for (const char* name : {source_name, header_name}) {
    const auto text = read_regular_file(folder / name, text_bytes_max);
    if (!text) {
      objections.push_back({"missing", name, fmt::format("the submission has no file {} that can be read", name)});
    } else if (text->size() > text_bytes_max) {
      objections.push_back({"size", name, fmt::format("it is longer than {} KiB", text_bytes_max / 1024)});
    } else {
      Reader(name, objections).read(*text);
    }
  }
  return objections;
}

}  // namespace lab::grader
