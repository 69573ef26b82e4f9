#include "tests/generated/draw.hpp"

#include <sstream>

namespace lab::generated {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): the standard's engines are fixed too, but not its distributions.
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u) {}

  // 0 to bound - 1. The bias is of the order of 2^-60.
  unsigned below(std::size_t bound) {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return static_cast<unsigned>((mixed ^ (mixed >> 31)) % bound);
  }

private:
  std::uint64_t state_;
};

}  // namespace

std::vector<Menu> full_menu() {
  Menu all;
  for (std::size_t kind = 0; kind < drawn_kinds; ++kind) all.push_back(static_cast<Kind>(kind));
  // What changes one session is drawn twice as often as the rest: most of what can go wrong needs two of these.
  all.insert(all.end(), {Kind::get, Kind::update, Kind::increment, Kind::set_authenticated, Kind::remove});
  return {all};
}

std::vector<Menu> menus_of(const std::string& words) {
  std::vector<Menu> menus;
  std::istringstream all(words);
  for (std::string part; std::getline(all, part, '/');) {
    Menu menu;
    std::istringstream names(part);
    for (std::string word; std::getline(names, word, ',');) {
      const std::size_t before = menu.size();
      for (std::size_t kind = 0; kind < drawn_kinds; ++kind) {
        if (name(static_cast<Kind>(kind)) == word) menu.push_back(static_cast<Kind>(kind));
      }
      if (menu.size() == before) return {};
    }
    if (menu.empty()) return {};
    menus.push_back(std::move(menu));
  }
  return menus;
}

Program draw(std::uint64_t seed, const std::vector<Menu>& menus) {
  Random random(seed);
  Program program;
  program.sessions = 1 + static_cast<int>(random.below(sessions_max));
  program.age = static_cast<Age>(random.below(3));
  program.threads.resize(2 + random.below(2));
  int creates = 0;
  int steps = 0;
  std::int8_t value = 0;
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    const Menu& menu = menus[i % menus.size()];
    for (std::size_t left = 2 + random.below(3); left > 0; --left) {
      Operation operation;
      operation.kind = menu[random.below(menu.size())];
      const auto sessions = static_cast<std::size_t>(program.sessions);
      operation.session = static_cast<std::uint8_t>(random.below(sessions));
      if (operation.kind == Kind::create) {
        if (creates == creates_max) continue;
        operation.session = static_cast<std::uint8_t>(sessions_max + creates++);
      }
      if (is_clock_step(operation.kind) && steps++ == steps_max) {
        --steps;
        continue;
      }
      if (operation.kind == Kind::merge) operation.into = static_cast<std::uint8_t>(random.below(sessions));
      if (operation.kind == Kind::update) operation.key = static_cast<std::uint8_t>(random.below(values_max - 1));
      if (operation.kind == Kind::update || operation.kind == Kind::write || operation.kind == Kind::use_elsewhere)
        operation.value = ++value;
      if (operation.kind == Kind::set_authenticated) operation.value = static_cast<std::int8_t>(random.below(2));
      program.threads[i].push_back(operation);
    }
  }
  return program;
}

}  // namespace lab::generated
