#include "tools/exercises/conditions.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>

#include "tools/exercises/source.hpp"

namespace lab::exercises {
namespace {

using nlohmann::json;
using Pieces = std::vector<Piece>;
using Conditions = std::vector<std::shared_ptr<const Condition>>;

constexpr std::size_t helpers_max = 100;

bool has_word(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

std::set<std::string> functions_of(const Pieces& pieces) {
  std::set<std::string> functions;
  for (const Piece& piece : pieces) functions.insert(piece.function);
  return functions;
}

// Some functions, or everything.
class Where {
public:
  Where() = default;
  Where(const json& entry, const Mended& mended, bool alone) : everywhere_(false), alone_(alone) {
    if (entry.is_array()) {
      functions_ = entry.get<std::vector<std::string>>();
    } else if (entry == "exercise") {
      mended_ = mended;
    } else {
      throw std::invalid_argument("a place is a list of functions or \"exercise\", not " + entry.dump());
    }
  }

  std::set<std::string> functions(const Case& at) const {
    const auto mended = mended_.find(at.exercise);
    const auto& functions = mended == mended_.end() ? functions_ : mended->second;
    return {functions.begin(), functions.end()};
  }

  Pieces in_handout(const Case& at) const { return everywhere_ ? at.handout : pieces_in(at.handout, functions(at)); }

  // With what those functions call and the handout does not have.
  Pieces in_copy(const Case& at) const {
    if (everywhere_) return at.copy;
    std::set<std::string> functions = this->functions(at);
    if (alone_) return pieces_in(at.copy, functions);
    std::set<std::string> others;
    const std::set<std::string> old = functions_of(at.handout);
    for (const std::string& function : functions_of(at.copy))
      if (!old.contains(function) && !functions.contains(function)) others.insert(function);
    // Nobody writes as many by hand, and the search below would take long.
    if (others.size() > helpers_max) others.clear();
    for (bool grown = true; grown;) {
      grown = false;
      for (const Piece& piece : at.copy) {
        if (!functions.contains(piece.function)) continue;
        for (auto other = others.begin(); other != others.end();) {
          const bool called = has_word(piece.text, *other);
          if (called) functions.insert(*other);
          grown |= called;
          other = called ? others.erase(other) : std::next(other);
        }
      }
    }
    return pieces_in(at.copy, functions);
  }

private:
  static Pieces pieces_in(const Pieces& pieces, const std::set<std::string>& functions) {
    Pieces found;
    std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(found),
                 [&](const Piece& piece) { return functions.contains(piece.function); });
    return found;
  }

  bool everywhere_ = true;
  bool alone_ = false;
  std::vector<std::string> functions_;
  Mended mended_;
};

std::ptrdiff_t matches(const Pieces& pieces, const std::regex& pattern) {
  std::ptrdiff_t count = 0;
  for (const Piece& piece : pieces)
    count += std::distance(std::sregex_iterator(piece.text.begin(), piece.text.end(), pattern), std::sregex_iterator());
  return count;
}

bool matches(const Piece& piece, const std::regex& pattern) { return std::regex_search(piece.text, pattern); }

class Count final : public Condition {
public:
  enum class Is { more, fewer, there };
  Count(Is is, const std::string& pattern, Where where) : is_(is), pattern_(pattern), where_(std::move(where)) {}

  bool holds(const Case& at) const override {
    const auto copy = matches(where_.in_copy(at), pattern_);
    if (is_ == Is::there) return copy > 0;
    const auto handout = matches(where_.in_handout(at), pattern_);
    return is_ == Is::more ? copy > handout : copy < handout;
  }

private:
  Is is_;
  std::regex pattern_;
  Where where_;
};

class Held final : public Condition {
public:
  Held(const std::string& taken, const std::string& reached, Where where)
      : taken_(taken), reached_(reached), where_(std::move(where)) {}

  bool holds(const Case& at) const override {
    const Pieces pieces = where_.in_copy(at);
    for (auto taken = pieces.begin(); taken != pieces.end(); ++taken)
      if (matches(*taken, taken_) && reached(std::next(taken), pieces.end())) return true;
    return false;
  }

private:
  // From one piece to the end of its block, or to where a lock is let go by hand.
  bool reached(Pieces::const_iterator piece, Pieces::const_iterator end) const {
    int depth = 0;
    for (; piece != end; ++piece) {
      if (piece->text == "{") ++depth;
      if (piece->text == "}" && --depth < 0) return false;
      if (has_word(piece->text, "unlock")) return false;
      if (matches(*piece, reached_)) return true;
    }
    return false;
  }

  std::regex taken_, reached_;
  Where where_;
};

// The last name of what a piece locks: "guard" of "MutexLock lock(session->guard)".
std::optional<std::string> lock_in(const Piece& piece) {
  static const std::regex scoped(
      R"(\b(?:MutexLock|WriterLock|ReaderLock|unique_lock|shared_lock|scoped_lock|lock_guard)\b[^(){}]{0,60})"
      R"([({][^(){},]{0,60}?(\w{1,60})[)},])");
  static const std::regex by_hand(R"((\w{1,60})(?:\.|->)lock(?:_shared)?\(\))");
  std::smatch found;
  if (std::regex_search(piece.text, found, scoped) || std::regex_search(piece.text, found, by_hand)) return found[1];
  return std::nullopt;
}

class TakenOnlyIn final : public Condition {
public:
  explicit TakenOnlyIn(Where where) : where_(std::move(where)) {}

  bool holds(const Case& at) const override {
    std::map<std::string, std::set<std::string>> takers;
    for (const Piece& piece : at.copy)
      if (const auto lock = lock_in(piece)) takers[*lock].insert(piece.function);
    const std::set<std::string> wanted = where_.functions(at);
    return std::any_of(takers.begin(), takers.end(), [&](const auto& taken) {
      const auto& [lock, functions] = taken;
      return functions.size() == 1 && wanted.contains(*functions.begin()) && !is_known(at.handout, lock);
    });
  }

private:
  static bool is_known(const Pieces& handout, const std::string& lock) {
    return std::any_of(handout.begin(), handout.end(), [&](const Piece& piece) { return has_word(piece.text, lock); });
  }

  Where where_;
};

// What needs no more than a line.
class Simple final : public Condition {
public:
  explicit Simple(std::function<bool(const Case&)> holds) : holds_(std::move(holds)) {}
  bool holds(const Case& at) const override { return holds_(at); }

private:
  std::function<bool(const Case&)> holds_;
};

std::shared_ptr<const Condition> simple(std::function<bool(const Case&)> holds) {
  return std::make_shared<Simple>(std::move(holds));
}

Conditions all_from(const json& entries, const Mended& mended) {
  Conditions all;
  for (const json& entry : entries) all.push_back(condition_from(entry, mended));
  if (all.empty()) throw std::invalid_argument("a list of conditions is empty");
  return all;
}

}  // namespace

std::shared_ptr<const Condition> condition_from(const json& entry, const Mended& mended) {
  const auto text = [&](const char* key) { return entry.at(key).get<std::string>(); };
  const auto where = [&] {
    return entry.contains("in") ? Where(entry.at("in"), mended, entry.value("alone", false)) : Where();
  };
  const auto holds = [](const Case& at) { return [&at](const auto& one) { return one->holds(at); }; };
  const auto is = [&](const char* key) { return entry.is_object() && entry.contains(key); };

  if (is("more")) return std::make_shared<Count>(Count::Is::more, text("more"), where());
  if (is("fewer")) return std::make_shared<Count>(Count::Is::fewer, text("fewer"), where());
  if (is("has")) return std::make_shared<Count>(Count::Is::there, text("has"), where());
  if (is("held")) return std::make_shared<Held>(text("held"), text("at"), where());
  if (is("taken_only_in")) return std::make_shared<TakenOnlyIn>(Where(entry.at("taken_only_in"), mended, true));
  if (is("exercise")) return simple([id = text("exercise")](const Case& at) { return at.exercise == id; });
  if (is("verdict")) {
    return simple([verdict = std::regex(text("verdict"))](const Case& at) {
      return std::regex_match(at.finding.verdict, verdict);
    });
  }
  if (is("summary")) {
    return simple([summary = std::regex(text("summary"))](const Case& at) {
      return std::regex_search(at.finding.summary, summary);
    });
  }
  if (is("schedule")) {
    return simple(
        [wanted = entry.at("schedule").get<bool>()](const Case& at) { return at.finding.replay.empty() != wanted; });
  }
  if (is("any")) {
    return simple([any = all_from(entry.at("any"), mended), holds](const Case& at) {
      return std::any_of(any.begin(), any.end(), holds(at));
    });
  }
  if (is("all")) {
    return simple([all = all_from(entry.at("all"), mended), holds](const Case& at) {
      return std::all_of(all.begin(), all.end(), holds(at));
    });
  }
  if (is("not"))
    return simple([one = condition_from(entry.at("not"), mended)](const Case& at) { return !one->holds(at); });
  throw std::invalid_argument("there is no condition " + entry.dump());
}

}  // namespace lab::exercises
