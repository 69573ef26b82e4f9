#include "tools/grader/screen/tokens.hpp"

#include <algorithm>
#include <array>

#include <cstddef>

namespace lab::grader {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_in_word(char c) { return begins_word(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

class Cutter {
public:
  explicit Cutter(std::string_view text) { splice(text); }

  Tokens run() {
    while (tokens_.faults.empty() && skip_blanks()) cut_one();
    return std::move(tokens_);
  }

private:
  // Phases 1 and 2 of translation: the byte-order mark goes, a line's end is '\n', and a backslash before it (clang
  // allows blanks between the two) joins the lines. Remembers each character's line.
  void splice(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    int line = 1;
    const auto end_at = [&text](std::size_t i) -> std::size_t {  // the length of a line's end at i, or 0
      if (i < text.size() && text[i] == '\n') return 1;
      return text.substr(i).starts_with("\r\n") ? 2 : 0;
    };
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] == '\\') {
        std::size_t next = i + 1;
        while (next < text.size() && is_blank(text[next])) ++next;
        if (const std::size_t length = next <= text.size() ? end_at(next) : 0; length > 0) {
          i = next + length;
          ++line;
          continue;
        }
      }
      if (const std::size_t length = end_at(i); length > 0) {
        put('\n', line++);
        i += length;
        continue;
      }
      const auto c = static_cast<unsigned char>(text[i]);
      if (c == '\r' || c == 0x7f || (c < 0x20 && !is_blank(text[i]))) {
        fault("characters", line,
              "it contains a control character; write it as an escape in a string, or leave it out");
        return;
      }
      put(text[i], line);
      ++i;
    }
  }

  void put(char c, int line) {
    text_ += c;
    lines_.push_back(line);
  }

  void fault(std::string rule, int line, std::string sentence) {
    tokens_.faults.push_back({std::move(rule), line, std::move(sentence)});
  }

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool looking_at(std::string_view what) const { return std::string_view(text_).substr(at_).starts_with(what); }

  // Up to the next token; false at the end.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') {
        begins_line_ = true;
        ++at_;
      } else if (is_blank(text_[at_])) {
        ++at_;
      } else if (looking_at("//")) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (looking_at("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string::npos ? text_.size() : end + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  void add(Token::Kind kind, std::size_t end, std::string_view as = {}) {
    const std::string spelled = as.empty() ? text_.substr(at_, end - at_) : std::string(as);
    tokens_.all.push_back({kind, spelled, lines_[at_], begins_line_});
    begins_line_ = false;
    at_ = end;
  }

  void cut_one() {
    const char c = text_[at_];
    if (names_header()) {
      cut_header();
    } else if (begins_word(c)) {
      cut_word();
    } else if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1)))) {
      cut_number();
    } else if (c == '"' || c == '\'') {
      cut_literal();
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      fault("characters", lines_[at_],
            "it has a character beyond ASCII in code; keep those to comments and strings, names are plain letters");
    } else if (c == '\\') {
      fault("characters", lines_[at_], "it has a backslash in code that does not end a line; leave it out");
    } else {
      cut_mark();
    }
  }

  // Whether # and include stand before, on the same line.
  bool names_header() const {
    const auto& all = tokens_.all;
    if (begins_line_ || all.size() < 2) return false;
    const Token& directive = all.back();
    const Token& hash = all[all.size() - 2];
    return hash.is("#") && hash.begins_line && !directive.begins_line &&
           (directive.is("include") || directive.is("include_next") || directive.is("import") || directive.is("embed"));
  }

  // In its name nothing is an escape or a comment.
  void cut_header() {
    const char open = text_[at_];
    if (open != '<' && open != '"') {
      fault("include", lines_[at_], "an #include names its file by a macro; write the name itself");
      return;
    }
    const char close = open == '<' ? '>' : '"';
    std::size_t end = at_ + 1;
    while (at(end) != close && end < text_.size() && text_[end] != '\n') ++end;
    if (at(end) == close) ++end;
    add(Token::Kind::header, end);
  }

  void cut_word() {
    std::size_t end = at_;
    while (is_in_word(at(end))) ++end;
    const std::string_view word = std::string_view(text_).substr(at_, end - at_);
    const bool raw = word == "R" || word == "u8R" || word == "uR" || word == "UR" || word == "LR";
    if (raw && at(end) == '"') {
      fault("characters", lines_[at_], "it has a raw string; write an ordinary one");
      return;
    }
    add(Token::Kind::word, end);
  }

  void cut_number() {
    std::size_t end = at_;
    for (;;) {
      const char c = at(end);
      const char last = end > at_ ? text_[end - 1] : '\0';
      if (is_in_word(c) || c == '.') {
        ++end;
      } else if (c == '\'' && is_in_word(at(end + 1))) {
        if (last == '+' || last == '-') {
          fault("characters", lines_[at_], "it has a number that ends in no digit; put a blank before the quote");
          return;
        }
        end += 2;
      } else if ((c == '+' || c == '-') && (last == 'e' || last == 'E' || last == 'p' || last == 'P')) {
        ++end;
      } else {
        break;
      }
    }
    add(Token::Kind::number, end);
  }

  // One that is not closed ends with its line, as it does for the compiler, which then refuses it.
  void cut_literal() {
    const char quote = text_[at_];
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    end = end < text_.size() && text_[end] == quote ? end + 1 : std::min(end, text_.size());
    // An escape before the line's end would have joined the lines: it can't stand there.
    add(Token::Kind::literal, end);
  }

  void cut_mark() {
    struct Spelling {
      std::string_view text;
      std::string_view as;
    };
    // `<::` is < and :: unless : or > follows, so that std::vector<::lab::X> means what it says.
    if (looking_at("<::") && at(at_ + 3) != ':' && at(at_ + 3) != '>') return add(Token::Kind::mark, at_ + 1);
    static constexpr std::array spellings = {Spelling{"%:%:", "##"}, Spelling{"%:", "#"}, Spelling{"<:", "["},
                                             Spelling{":>", "]"},    Spelling{"<%", "{"}, Spelling{"%>", "}"},
                                             Spelling{"::", "::"},   Spelling{"##", "##"}};
    for (const Spelling& spelling : spellings) {
      if (looking_at(spelling.text)) return add(Token::Kind::mark, at_ + spelling.text.size(), spelling.as);
    }
    add(Token::Kind::mark, at_ + 1);
  }

  std::string text_;
  std::vector<int> lines_;  // of each character
  std::size_t at_ = 0;
  bool begins_line_ = true;
  Tokens tokens_;
};

}  // namespace

Tokens tokens_of(std::string_view text) { return Cutter(text).run(); }

std::size_t closing(const std::vector<Token>& tokens, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::mark) continue;
    const std::string& mark = tokens[i].text;
    if (mark == "(" || mark == "[" || mark == "{") ++depth;
    if ((mark == ")" || mark == "]" || mark == "}") && --depth == 0) return i;
  }
  return tokens.size();
}

}  // namespace lab::grader
