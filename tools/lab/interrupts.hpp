// The terminal's interrupt key, for commands that end in their own way.
#pragma once

#include <csignal>

namespace lab::cli {

// While one lives, the key only sets came(), which stays set. One at a time, on the main thread.
class Interrupts {
public:
  Interrupts() : before_(std::signal(SIGINT, [](int) { came_ = 1; })) {}
  ~Interrupts() { std::signal(SIGINT, before_); }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  static bool came() { return came_ != 0; }

private:
  static inline volatile std::sig_atomic_t came_ = 0;
  void (*before_)(int);
};

}  // namespace lab::cli
