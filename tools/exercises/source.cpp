#include "tools/exercises/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace lab::exercises {
namespace {

constexpr std::size_t none = std::string::npos;

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || !is_word(text[word.size()]));
}

// What stands before the first parentheses behind a word; "" if there are none. By hand, for a heading may be of any
// length, and the library's regular expressions go deeper into the stack with every character.
std::string name_in_heading(std::string_view heading) {
  const auto is_name = [](char c) { return is_word(c) || c == '~'; };
  for (std::size_t i = 0; i < heading.size(); ++i) {
    const bool begins_word = is_name(heading[i]) && (i == 0 || !is_name(heading[i - 1]));
    if (!begins_word) continue;
    std::size_t end = i;
    while (end < heading.size() && is_name(heading[end])) ++end;
    std::size_t next = end;
    while (next < heading.size() && std::isspace(static_cast<unsigned char>(heading[next])) != 0) ++next;
    if (next == heading.size()) return "";
    if (heading[next] == '(') return std::string(heading.substr(i, end - i));
    const bool is_template = heading[next] == '<' && heading.substr(i, end - i) == "template";
    i = is_template ? std::min(heading.find('>', next), heading.size()) : next - 1;
  }
  return "";
}

}  // namespace

Source::Source(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)), code_(text_) {
  blank_comments_and_strings();
  match_brackets();
  find_functions();
}

std::string_view Source::text(Span span) const {
  return std::string_view(text_).substr(span.begin, span.end - span.begin);
}

int Source::line(std::size_t at) const {
  return 1 + static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void Source::refuse(std::size_t at, const std::string& what) const {
  throw UnknownShape(fmt::format("{}:{}: {}", file_, line(at), what));
}

void Source::blank_comments_and_strings() {
  const auto blank = [this](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (code_[i] != '\n') code_[i] = ' ';
    }
  };
  for (std::size_t i = 0; i < text_.size();) {
    const std::string_view rest = std::string_view(text_).substr(i);
    std::size_t end = i + 1;
    if (rest.starts_with("//")) {
      end = std::min(text_.find('\n', i), text_.size());
      blank(i, end);
    } else if (rest.starts_with("/*")) {
      const std::size_t close = text_.find("*/", i + 2);
      if (close == none) refuse(i, "a comment without an end");
      end = close + 2;
      blank(i, end);
    } else if (rest.starts_with("R\"") && (i == 0 || !is_word(text_[i - 1]))) {
      refuse(i, "a raw string");
    } else if (rest[0] == '"' || (rest[0] == '\'' && (i == 0 || !is_word(text_[i - 1])))) {  // 1'000 holds no character
      while (end < text_.size() && text_[end] != rest[0] && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
      if (end >= text_.size() || text_[end] != rest[0]) refuse(i, "a string without an end");
      blank(i + 1, end);
      ++end;
    }
    i = end;
  }
}

void Source::match_brackets() {
  partner_.assign(code_.size(), none);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < code_.size(); ++i) {
    const char c = code_[i];
    if (c == '(' || c == '[' || c == '{') open.push_back(i);
    if (c != ')' && c != ']' && c != '}') continue;
    const char expected = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (open.empty() || code_[open.back()] != expected) refuse(i, fmt::format("a '{}' that closes nothing", c));
    partner_[open.back()] = i;
    open.pop_back();
  }
  if (!open.empty()) refuse(open.back(), fmt::format("a '{}' that is never closed", code_[open.back()]));
}

// Outside of functions a brace opens a namespace, a class, an initialiser or a body, and only a body's heading has
// parentheses once its template parameters are gone.
void Source::find_functions() {
  std::size_t heading = 0;
  for (std::size_t i = 0; i < code_.size(); ++i) {
    if (code_[i] == ';' || code_[i] == '}') heading = i + 1;
    if (code_[i] == '(' || code_[i] == '[') i = partner_[i];
    if (code_[i] != '{') continue;
    if (std::string name = name_in_heading(std::string_view(code_).substr(heading, i - heading)); !name.empty()) {
      const std::size_t end = partner_[i] + 1;
      functions_.push_back({{skip_space(heading), end}, std::move(name)});
      i = end - 1;
    }
    heading = i + 1;
  }
}

std::string Source::function(std::size_t at) const {
  const auto after = std::upper_bound(functions_.begin(), functions_.end(), at,
                                      [](std::size_t place, const Function& f) { return place < f.where.begin; });
  return after == functions_.begin() || !std::prev(after)->where.contains(at) ? "" : std::prev(after)->name;
}

std::size_t Source::closing(std::size_t open) const {
  if (open >= partner_.size() || partner_[open] == none) refuse(std::min(open, text_.size()), "no bracket opens here");
  return partner_[open];
}

Span Source::block(std::size_t at) const {
  for (std::size_t i = at; i-- > 0;) {
    if (code_[i] == '{' && partner_[i] >= at) return {i + 1, partner_[i]};
  }
  return {0, code_.size()};
}

std::size_t Source::skip_space(std::size_t at) const {
  while (at < code_.size() && std::isspace(static_cast<unsigned char>(code_[at])) != 0) ++at;
  return at;
}

Span Source::statement(std::size_t at) const {
  const std::size_t begin = skip_space(at);
  if (begin >= code_.size() || code_[begin] == '}') return {begin, begin};
  const std::string_view rest = std::string_view(code_).substr(begin);
  if (rest[0] == '{') return {begin, closing(begin) + 1};
  for (const std::string_view unknown : {"do", "switch", "try", "goto", "case", "default"}) {
    if (starts_with_word(rest, unknown)) refuse(begin, fmt::format("a statement that begins with '{}'", unknown));
  }
  const bool is_if = starts_with_word(rest, "if");
  if (is_if || starts_with_word(rest, "for") || starts_with_word(rest, "while")) {
    const std::size_t open = code_.find('(', begin);
    if (open == none) refuse(begin, "a condition without parentheses");
    std::size_t end = statement(closing(open) + 1).end;
    const std::size_t next = skip_space(end);
    if (is_if && starts_with_word(std::string_view(code_).substr(next), "else")) end = statement(next + 4).end;
    return {begin, end};
  }
  for (std::size_t i = begin; i < code_.size(); ++i) {
    if (code_[i] == ';') return {begin, i + 1};
    if (partner_[i] != none) i = partner_[i];
  }
  refuse(begin, "a statement without an end");
}

bool Source::begins_statement(std::size_t at) const {
  while (at > 0 && std::isspace(static_cast<unsigned char>(code_[at - 1])) != 0) --at;
  return at > 0 && (code_[at - 1] == ';' || code_[at - 1] == '{' || code_[at - 1] == '}' || code_[at - 1] == ')');
}

std::vector<Match> Source::find(const std::string& pattern) const {
  const std::regex regex(pattern);
  std::vector<Match> found;
  for (auto i = std::sregex_iterator(code_.begin(), code_.end(), regex); i != std::sregex_iterator(); ++i) {
    Match match;
    for (std::size_t group = 0; group < i->size(); ++group) {
      const auto begin = static_cast<std::size_t>(i->position(group));
      match.groups.push_back(i->str(group));
      match.places.push_back({begin, begin + static_cast<std::size_t>(i->length(group))});
    }
    match.where = match.places.front();
    found.push_back(std::move(match));
  }
  return found;
}

std::vector<Span> Source::split(Span span, std::string_view separator) const {
  std::vector<Span> parts;
  std::size_t begin = span.begin;
  const auto add = [&](std::size_t end) {
    Span part{skip_space(begin), end};
    while (part.end > part.begin && std::isspace(static_cast<unsigned char>(code_[part.end - 1])) != 0) --part.end;
    parts.push_back(part);
  };
  for (std::size_t i = span.begin; i < span.end; ++i) {
    if (partner_[i] != none) {
      i = partner_[i];
    } else if (std::string_view(code_).substr(i).starts_with(separator)) {
      add(i);
      begin = i + separator.size();
      i = begin - 1;
    }
  }
  add(span.end);
  return parts;
}

std::string Source::edited(std::vector<Edit> edits) const {
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.where.begin < b.where.begin; });
  std::string result;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.where.begin < at) refuse(edit.where.begin, "two edits of one place");
    result += text({at, edit.where.begin});
    result += edit.by;
    at = edit.where.end;
  }
  return result + std::string(text({at, text_.size()}));
}

}  // namespace lab::exercises
