#include "tests/mutants/mutations.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <map>
#include <set>

#include "tests/mutants/files.hpp"

using namespace lab::mutants;

namespace {

std::vector<Mutant> only(const std::function<void(const Source&, Collector&)>& mutate, const std::string& text) {
  std::vector<Mutant> mutants;
  Collector to(mutants);
  mutate(Source("a.cpp", text), to);
  return mutants;
}

std::vector<std::string> ids(const std::vector<Mutant>& mutants) {
  std::vector<std::string> result;
  for (const Mutant& mutant : mutants) result.push_back(mutant.id);
  return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("each lock is removed, ended early, begun late, and shared", "[mutants]") {
  const auto mutants = only(mutate_locks, "void f() { WriterLock lock(m_); a; b; }");
  REQUIRE(ids(mutants) == Strings{"remove-lock/f/1", "shrink-lock/f/1", "shrink-lock/f/2", "shared-for-exclusive/f/1"});
  CHECK(mutants[0].text == "void f() {  a; b; }");
  CHECK(mutants[1].text == "void f() { std::optional<WriterLock> lock(std::in_place, m_); a; lock.reset(); b; }");
  CHECK(mutants[2].text == "void f() {  a; WriterLock lock(m_); b; }");
  CHECK(mutants[3].text == "void f() { ReaderLock lock(m_); a; b; }");
  CHECK(mutants[1].what == "WriterLock(m_) ends after `a;`");
}

TEST_CASE("a lock over one statement can't be shrunk", "[mutants]") {
  CHECK(ids(only(mutate_locks, "void f() { { MutexLock lock(m_); a; } b; }")) == Strings{"remove-lock/f/1"});
}

TEST_CASE("a bare lock goes with its unlock, which may stand in another function", "[mutants]") {
  const auto mutants = only(mutate_locks, "class A { A() { m_.lock(); n_.lock(); } ~A() { m_.unlock(); } };");
  REQUIRE(ids(mutants) == Strings{"remove-lock/A/1", "remove-lock/A/2"});
  CHECK(mutants[0].text == "class A { A() { ; n_.lock(); } ~A() { ; } };");
  CHECK(mutants[1].text == "class A { A() { m_.lock(); ; } ~A() { m_.unlock(); } };");
}

TEST_CASE("a lock of an unknown shape is refused, not left out", "[mutants]") {
  CHECK_THROWS_AS(only(mutate_locks, "void f() { MutexLock lock{m_}; a; }"), UnknownShape);
  CHECK_THROWS_AS(only(mutate_locks, "void f() { MutexLock a(m_), b(n_); c; }"), UnknownShape);
  CHECK_THROWS_AS(only(mutate_locks, "void f() { MutexLock lock(m_); }"), UnknownShape);
}

TEST_CASE("two locks change places, and two chosen by their ids are taken as the arguments come", "[mutants]") {
  const auto nested = only(mutate_lock_order, "void f() { MutexLock a(m_); b; { WriterLock c(n_); d; } }");
  REQUIRE(ids(nested) == Strings{"swap-lock-order/f/1"});
  CHECK(nested[0].text == "void f() { WriterLock a(n_); b; { MutexLock c(m_); d; } }");
  CHECK(only(mutate_lock_order, "void f() { { MutexLock a(m_); b; } MutexLock c(n_); d; }").empty());

  const auto chosen = only(mutate_lock_order, "P(I a, I b) : lower_(a < b ? x.m : y.m), upper_(a < b ? y.m : x.m) {}");
  REQUIRE(chosen.size() == 3);
  CHECK(chosen[0].text == "P(I a, I b) : lower_(x.m), upper_(y.m) {}");
  CHECK(chosen[1].text == "P(I a, I b) : lower_(y.m), upper_(x.m) {}");
  CHECK(chosen[2].text == "P(I a, I b) : lower_(b < a ? x.m : y.m), upper_(b < a ? y.m : x.m) {}");
  CHECK_THROWS_AS(only(mutate_lock_order, "P() : lower_(a < b ? x : y) {}"), UnknownShape);
}

TEST_CASE("atomics become plain, their operations relaxed, and one step two", "[mutants]") {
  const Source header("a.hpp", "class A { std::atomic<int> n_{0}; };");
  const Source source("a.cpp",
                      "void f() { ++n_; n_ -= k; n_ += a + b; }\n"
                      "int g() { const int s = n_; return s / 2 + s; }");
  std::vector<Mutant> mutants;
  Collector to(mutants);
  mutate_atomics(header, source, to);
  std::map<std::string, std::string> line_of;
  for (const Mutant& mutant : mutants) line_of[mutant.id] = mutant.text;
  CHECK(line_of.at("atomic-to-plain/n_/1") == "class A { int n_{0}; };");
  CHECK(line_of.at("relaxed/f/1").starts_with("void f() { n_.fetch_add(1, std::memory_order_relaxed); n_ -= k;"));
  CHECK(line_of.at("split-atomic/f/1").starts_with("void f() { n_ = n_ + 1; n_ -= k;"));
  CHECK(line_of.at("relaxed/f/2").starts_with("void f() { ++n_; n_.fetch_sub(k, std::memory_order_relaxed); n_ +="));
  CHECK(line_of.at("split-atomic/f/2").starts_with("void f() { ++n_; n_ = n_ - (k); n_ += a + b;"));
  CHECK(line_of.at("split-atomic/f/4").starts_with("void f() { ++n_; n_ -= k; n_ += a; n_ += b; }"));
  CHECK(line_of.at("relaxed/g/1").ends_with("const int s = n_.load(std::memory_order_relaxed); return s / 2 + s; }"));
  CHECK(line_of.at("split-atomic/g/1").ends_with("const int s = n_; return s / 2 + n_; }"));
  CHECK(mutants.size() == 10);

  CHECK_THROWS_AS(mutate_atomics(header, Source("a.cpp", "void f() { n_.store(1); }"), to), UnknownShape);
}

TEST_CASE("an increment of either of two atomics is one operation", "[mutants]") {
  const Source header("a.hpp", "class A { std::atomic<int> n_{0}; std::atomic<int> m_{0}; };");
  std::vector<Mutant> mutants;
  Collector to(mutants);
  mutate_atomics(header, Source("a.cpp", "void f() { ++(b ? n_ : m_); }"), to);
  CHECK(ids(mutants) == Strings{"relaxed/f/1", "split-atomic/f/1", "atomic-to-plain/n_/1"});
  CHECK(mutants[0].text == "void f() { (b ? n_ : m_).fetch_add(1, std::memory_order_relaxed); }");
  CHECK(mutants[1].text == "void f() { (b ? n_ : m_) = (b ? n_ : m_) + 1; }");
  CHECK(mutants[2].text == "class A { int n_{0}; int m_{0}; };");
}

TEST_CASE("a notification is for one, or for nobody", "[mutants]") {
  const auto mutants = only(mutate_notifications, "void f() { w_.notify_all(); w_.notify_one(); }");
  REQUIRE(ids(mutants) == Strings{"notify-one/f/1", "drop-notify/f/1", "drop-notify/f/2"});
  CHECK(mutants[0].text == "void f() { w_.notify_one(); w_.notify_one(); }");
  CHECK(mutants[1].text == "void f() {  w_.notify_one(); }");
}

TEST_CASE("each term of a condition on shared state is left out, and no other", "[mutants]") {
  const auto text_of = [](const std::string& body) {
    Strings bodies;
    for (const Mutant& mutant : only(mutate_checks, "void f() { " + body + " }")) {
      bodies.push_back(mutant.text.substr(11, mutant.text.size() - 13));
    }
    return bodies;
  };
  CHECK(text_of("if (!s.live) continue;") == Strings{"if (false) continue;"});
  CHECK(text_of("if (s.live) return act(s);") == Strings{"if (true) return act(s);"});
  CHECK(text_of("if (a.live) { break; }") == Strings{"if (false) { break; }"});
  CHECK(text_of("if (s.live) { a; return; }") == Strings{"if (true) { a; return; }"});
  CHECK(text_of("if (!a.live || !b.live) continue;") ==
        Strings{"if (false || !b.live) continue;", "if (!a.live || false) continue;"});
  CHECK(text_of("if (const auto r = reload(s); !reloaded) return r;") ==
        Strings{"if (const auto r = reload(s); false) return r;"});
  CHECK(text_of("while (!stopping_) a;") == Strings{"while (true) a;"});
  CHECK(text_of("for (int attempt = 0; s.live && attempt < n_max; ++attempt) a;") ==
        Strings{"for (int attempt = 0; true && attempt < n_max; ++attempt) a;"});
  CHECK(text_of("return s.live && x;") == Strings{"return true && x;"});
  CHECK(text_of("if (key.empty()) return;").empty());
  CHECK_THROWS_AS(text_of("if (s.live && a || b) return;"), UnknownShape);
}

TEST_CASE("code without the shapes that references are made from is refused", "[mutants]") {
  CHECK_THROWS_AS(only(mutate_references, "void f() {}"), UnknownShape);
}

TEST_CASE("fixed has a mutant of every kind at every such place", "[mutants]") {
  const Source header = read_source(LAB_FIXED_FOLDER "/session_manager.hpp");
  const Source source = read_source(LAB_FIXED_FOLDER "/session_manager.cpp");
  const std::vector<Mutant> mutants = mutants_of(header, source);
  std::map<std::string, std::size_t> counts;
  std::set<std::string> ids;
  std::set<std::string> texts;
  for (const Mutant& mutant : mutants) {
    ++counts[mutant.kind];
    ids.insert(mutant.id);
    texts.insert(mutant.text);
    const std::string& before = mutant.file == header.file() ? header.text() : source.text();
    CHECK(mutant.text != before);
    CHECK(mutant.id.starts_with(mutant.kind + "/"));
    CHECK(mutant.what.find('\n') == std::string::npos);
    // Lines stay where they are, so that what a judge says of a mutant can be looked up in fixed.
    CHECK(std::count(mutant.text.begin(), mutant.text.end(), '\n') == std::count(before.begin(), before.end(), '\n'));
  }
  CHECK(mutants.size() >= 40);
  CHECK(ids.size() == mutants.size());
  CHECK(texts.size() == mutants.size());

  // Counted here in another way than the mutants are made.
  const auto number_of = [&](const Source& in, const std::string& pattern) { return in.find(pattern).size(); };
  CHECK(counts["remove-lock"] ==
        number_of(source, R"(Lock (\w*_)?(lock|control)\()") + number_of(source, R"(\.lock\(\))"));
  CHECK(counts["shared-for-exclusive"] == number_of(source, "WriterLock "));
  CHECK(counts["atomic-to-plain"] == number_of(header, "std::atomic<") - number_of(source, R"(\+\+\(hit)"));
  CHECK(counts["relaxed"] ==
        number_of(source, "counts_|failed_cleanups_|cache_(hits|misses)_") - number_of(source, R"(\+\+\(hit)"));
  CHECK(counts["notify-one"] == number_of(source, "notify_all"));
  CHECK(counts["drop-notify"] == number_of(source, "notify_"));
  for (const char* kind : {"shrink-lock", "swap-lock-order", "split-atomic", "drop-recheck", "reference-from-lock"}) {
    CHECK(counts[kind] >= 4);
  }
  CHECK(counts.size() == 11);
}
