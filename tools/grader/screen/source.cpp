#include "tools/grader/screen/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "tools/grader/screen/attributes.hpp"
#include "tools/grader/screen/declarations.hpp"
#include "tools/grader/screen/file.hpp"
#include "tools/grader/screen/preprocessed.hpp"
#include "tools/grader/screen/text.hpp"
#include "tools/grader/screen/words.hpp"

namespace lab::grader {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// -w: warnings would stand in the midst of what is printed.
Words preprocess_words(const Words& compile, const std::vector<std::string>& headers, const std::string& source) {
  Words words = compile;
  words.insert(words.end(), {"-E", "-w"});
  for (const std::string& header : headers) words.insert(words.end(), {"-include", header});
  words.insert(words.end(), {"-x", "c++", source});
  return words;
}

// What the #include on each line names, without brackets or quotes.
std::map<int, std::string> includes_of(const fs::path& file) {
  std::map<int, std::string> includes;
  const Tokens tokens = tokens_of(read_regular_file(file, text_bytes_max).value_or(""));
  for (const Token& token : tokens.all) {
    if (token.kind == Token::Kind::header && token.text.size() > 2)
      includes[token.line] = token.text.substr(1, token.text.size() - 2);
  }
  return includes;
}

std::string first_error(const std::string& output) {
  const std::size_t at = output.find("error: ");
  if (at == std::string::npos) return "the compiler ended without a message, or at a limit";
  return output.substr(at + 7, output.find('\n', at) - at - 7);
}

class SourceScreen {
public:
  SourceScreen(fs::path source, const Words& compile, const RunCompiler& run)
      : source_(std::move(source)), compile_(compile), run_(run) {}

  tl::expected<Objections, std::string> objections() {
    const Output output = run_(preprocess_words(compile_, {}, source_.string()));
    if (!output.ok && !output.refused)
      return tl::unexpected("the compiler does not work: " + output.text.substr(0, output.text.find('\n')));
    if (!output.ok) {
      object("preprocessing", source_name, "it can't be preprocessed: " + first_error(output.text));
      return std::move(objections_);
    }
    preprocessed_ = divide(output.text, source_.parent_path());

    const auto headers = headers_as_spelled();
    if (!headers) return std::move(objections_);
    const Output baseline = run_(preprocess_words(compile_, *headers, "/dev/null"));
    if (!baseline.ok)
      return tl::unexpected(fmt::format("the headers that {} includes can't be preprocessed by themselves: {}",
                                        source_.string(), first_error(baseline.text)));
    if (divide(baseline.text, {}).others != preprocessed_.others) {
      object("macro", source_name,
             "its macros or directives change what an included header says; define macros after the last #include");
      return std::move(objections_);
    }

    look_at_own();
    return std::move(objections_);
  }

private:
  void object(const std::string& rule, const std::string& location, const std::string& sentence) {
    if (told_.emplace(rule, location).second) objections_.push_back({rule, location, sentence});
  }

  // What the entered headers are called in the #includes that entered them. Nothing, and an objection, where one can't
  // be followed.
  std::optional<std::vector<std::string>> headers_as_spelled() {
    std::map<std::string, std::map<int, std::string>> includes;
    for (const char* name : {source_name, header_name}) includes[name] = includes_of(source_.parent_path() / name);
    std::vector<std::string> headers;
    for (const Preprocessed::Entered& entered : preprocessed_.entered) {
      const auto& lines = includes[entered.from.file];
      const auto include = lines.find(entered.from.line);
      // The submission's folder holds two files; a header of its own there would come before that of common/.
      const bool astray = fs::path(entered.path).string().starts_with(source_.parent_path().string() + "/");
      if (include == lines.end() || astray || !entered.path.ends_with("/" + include->second)) {
        object("include", entered.from.text(), "it includes a file in a way that can't be followed");
        return std::nullopt;
      }
      headers.push_back(include->second);
    }
    const bool has_interface = std::any_of(preprocessed_.paths.begin(), preprocessed_.paths.end(),
                                           [](const auto& path) { return path.ends_with("/common/interface.hpp"); });
    if (!has_interface) {
      object("include", source_name, "it does not include \"common/interface.hpp\", which says what it has to define");
      return std::nullopt;
    }
    return headers;
  }

  std::string location(int line) const {
    const auto index = static_cast<std::size_t>(line - 1);
    return index < preprocessed_.places.size() ? preprocessed_.places[index].text() : source_name;
  }

  void look_at_own() {
    const Tokens own = tokens_of(preprocessed_.own);
    for (const Token& token : own.all) {
      if (token.is("#") && token.begins_line)
        object("pragma", location(token.line), "it has a #pragma other than once; leave it out");
      if (token.kind != Token::Kind::word) continue;
      if (const auto fault = fault_of_word(token.text)) object(fault->rule, location(token.line), fault->sentence);
    }
    for (const auto& faults : {own.faults, faults_of_attributes(own.all), faults_of_declarations(own.all)}) {
      for (const Fault& fault : faults) object(fault.rule, location(fault.line), fault.sentence);
    }
    look_at_depths(own);
  }

  // A header that stands in a namespace or a function declares something else than elsewhere.
  void look_at_depths(const Tokens& own) {
    std::size_t token = 0;
    int depth = 0;
    for (const Preprocessed::Entered& entered : preprocessed_.entered) {
      for (; token < own.all.size() && own.all[token].line <= static_cast<int>(entered.own_lines); ++token) {
        if (own.all[token].is("{")) ++depth;
        if (own.all[token].is("}")) --depth;
      }
      if (depth != 0) object("include", entered.from.text(), "it has an #include within braces; put it at the top");
    }
  }

  const fs::path source_;
  const Words& compile_;
  const RunCompiler& run_;
  Preprocessed preprocessed_;
  Objections objections_;
  std::set<std::pair<std::string, std::string>> told_;
};

}  // namespace

tl::expected<Objections, std::string> objections_to_source(const fs::path& source, const Words& compile,
                                                           const RunCompiler& run) {
  return SourceScreen(source, compile, run).objections();
}

}  // namespace lab::grader
