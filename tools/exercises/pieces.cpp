#include "tools/exercises/pieces.hpp"

#include <cctype>

#include "tools/exercises/source.hpp"

namespace lab::exercises {
namespace {

constexpr std::size_t text_max = 256 * 1024;
constexpr std::size_t piece_max = 1000;

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

class Cutter {
public:
  explicit Cutter(const Source& source) : source_(source) {}

  std::vector<Piece> all() {
    const std::string& code = source_.code();
    std::vector<char> open;
    for (std::size_t i = 0; i < code.size(); ++i) {
      const char c = code[i];
      if (c == '{' && initialises(i)) {
        for (const std::size_t last = source_.closing(i); i < last; ++i) add(i, code[i]);
        add(i, code[i]);
        continue;
      }
      if (c == '(' || c == '[') open.push_back(c);
      if (c == ')' || c == ']') open.pop_back();
      // The semicolons of a for stand in parentheses; a lambda among arguments has statements all the same.
      const bool ends = c == '{' || c == '}' || (c == ';' && (open.empty() || open.back() == '{'));
      if (!ends) {
        add(i, c);
        continue;
      }
      end();
      if (c == ';') continue;
      if (c == '{') open.push_back(c);
      if (c == '}') open.pop_back();
      pieces_.push_back({std::string(1, c), source_.function(i)});
    }
    end();
    return std::move(pieces_);
  }

private:
  // Whether the brace at `at` belongs to the statement, as in "MutexLock lock{mutex_}", and opens no block: it follows
  // a name and holds no statement. An empty body passes for one, which does no harm.
  bool initialises(std::size_t at) const {
    if (text_.empty() || !(is_word(text_.back()) || text_.back() == '>')) return false;
    for (const char* const keyword : {"else", "do", "try"})
      if (text_.ends_with(keyword)) return false;
    return source_.code().find_first_of(";{}", at + 1) == source_.closing(at);
  }

  void add(std::size_t at, char c) {
    if (is_space(c)) {
      space_ = true;
      return;
    }
    if (text_.empty()) begin_ = at;
    if (space_ && !text_.empty() && is_word(text_.back()) && is_word(c)) text_ += ' ';
    space_ = false;
    text_ += c;
    if (text_.size() > piece_max) source_.refuse(begin_, "a statement too long to look at");
  }

  void end() {
    if (!text_.empty()) pieces_.push_back({text_, source_.function(begin_)});
    text_.clear();
    space_ = false;
  }

  const Source& source_;
  std::vector<Piece> pieces_;
  std::string text_;
  std::size_t begin_ = 0;
  bool space_ = false;
};

}  // namespace

std::vector<Piece> pieces_of(const std::string& text) {
  if (text.size() > text_max) throw UnknownShape("a text too long to look at");
  return Cutter(Source("the copy", text)).all();
}

}  // namespace lab::exercises
