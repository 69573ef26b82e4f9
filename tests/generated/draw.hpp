// Programs by number: the same seed and menus give the same program on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/generated/operation.hpp"

namespace lab::generated {

// The kinds of operation that a thread may draw; thread i draws from menu i, modulo their number.
using Menu = std::vector<Kind>;

// Everything of the interface.
std::vector<Menu> full_menu();

// "update,get/delete,get": a menu for each of two threads. Empty if a name in it is none.
std::vector<Menu> menus_of(const std::string& words);

// 2 or 3 threads of 2 to 4 operations each on 1 to 3 sessions.
Program draw(std::uint64_t seed, const std::vector<Menu>& menus);

}  // namespace lab::generated
