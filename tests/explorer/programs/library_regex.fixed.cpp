// Regular expressions: two threads search with one constant expression, each in its own text.
// expected: passed

#include <atomic>
#include <cassert>
#include <regex>
#include <string>
#include <thread>

namespace {

const std::regex date("([0-9]+)-([0-9]+)-([0-9]+)");

std::atomic<int> years{0};

void add_year_of(const std::string& text) {
  std::smatch match;
  const bool found = std::regex_search(text, match, date);
  assert(found);
  assert(match.size() == 4);
  years += std::stoi(match[1].str());
}

}  // namespace

int main() {
  std::thread first(add_year_of, "born on 1912-06-23 in London");
  std::thread second(add_year_of, "born on 1906-12-09 in New York");
  first.join();
  second.join();
  assert(years == 1912 + 1906);
}
