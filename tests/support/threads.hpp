// Running pieces of a test on threads of their own, and giving up on them when they are stuck.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lab::test {

using Body = std::function<void()>;

// How long threads may take together before they are called stuck: LAB_STUCK_AFTER_MS, or 30 s. Generous,
// since a slow machine must not fail a correct program; only a program that hangs ever waits for it.
std::chrono::milliseconds stuck_after();

// Runs each body on a thread of its own and returns when all have returned. They start together, and the
// start orders none before another, so that it hides no race from ThreadSanitizer.
//
// If they don't end within stuck_after(), prints "stuck: " and `claim`, and ends the process with status 1:
// the threads can't be ended and would use what the caller's frame holds.
void run_together(const std::string& claim, const std::vector<Body>& bodies);

// Runs the body on another thread, as run_together does.
void run_elsewhere(const std::string& claim, const Body& body);

// Plays rounds until one breaks the claim; returns what it says, with the round's number, or "" if none does.
// A round returns what went wrong, or nothing.
std::string first_broken_round(int rounds, const std::function<std::optional<std::string>(int)>& play);

// Wastes up to `spins_max` rounds of a loop, drawn anew from `seed` at each call, so that rounds differ in where
// threads meet. It makes a meeting likelier and orders nothing.
void jitter(unsigned& seed, unsigned spins_max);

}  // namespace lab::test
