// Running pieces of a test on threads of their own, and giving up on them when they are stuck.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace lab::test {

using Body = std::function<void()>;

// How long threads may take together before they are called stuck: LAB_STUCK_AFTER_MS, or 30 s. Generous,
// since a slow machine must not fail a correct program; only one that hangs and is no deadlock ever waits for it.
std::chrono::milliseconds stuck_after();

// Runs each body on a thread of its own and returns when all have returned. They start together, and the
// start orders none before another, so that it hides no race from ThreadSanitizer.
//
// If they wait for each other, or don't end within stuck_after(), prints "stuck: " and `claim`, and ends the process
// with status 1: the threads can't be ended and would use what the caller's frame holds. A deadlock is seen within a
// quarter of a second, where Linux tells what threads wait for; only the caller, which waits, may be left to wake them.
void run_together(const std::string& claim, const std::vector<Body>& bodies);

// Runs the body on another thread, as run_together does.
void run_elsewhere(const std::string& claim, const Body& body);

}  // namespace lab::test
