// Time, and waiting for it, behind one interface, so that a test can set the one and need not do the other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <vector>

#include "common/mutex.hpp"
#include "common/values.hpp"

namespace lab {

// One reading of both clocks. Rows carry the wall time, which outlives the process and may jump; whether a
// session is idle or stale is decided by the steady one, which does not.
struct Instant {
  SteadyTime steady;
  WallTime wall;
};

// Thread safety: every member may be called by any number of threads at once.
class Clock {
public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual Instant now() = 0;

  // Gives up `held` and waits until `wake` is notified or `timeout` has passed on this clock; holds `held`
  // again when it returns. Like every wait it may return early, so test your condition in a loop. A
  // notification sent while another thread holds `held` is never missed by a caller that tested under it.
  virtual std::cv_status wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) LAB_REQUIRES(held) = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
public:
  Instant now() override;
  std::cv_status wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) override LAB_REQUIRES(held);
};

// Stands still until advance() is called.
//
// Lock order: a waiter's `held` before mutex_; Waiter::mutex before `held`. No thread holds Waiter::mutex
// while it takes mutex_ or the other way round, so the two orders can't close a cycle.
class ManualClock final : public Clock {
public:
  explicit ManualClock(WallTime start = WallTime(std::chrono::hours(24 * 365 * 50)));
  ~ManualClock() override;

  Instant now() override LAB_EXCLUDES(mutex_);
  std::cv_status wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) override LAB_REQUIRES(held)
      LAB_EXCLUDES(mutex_);

  // Moves both clocks, and wakes every waiter whose time has come. Call it without any mutex that a waiter gave to
  // wait_for.
  void advance(std::chrono::nanoseconds by) LAB_EXCLUDES(mutex_);

  // Moves the wall clock alone, as an administrator or NTP does.
  void step_wall(std::chrono::nanoseconds by) LAB_EXCLUDES(mutex_);

  // How many threads are in wait_for, so that a test knows where a worker is without sleeping. Some may not have
  // given up their mutex yet.
  std::size_t waiters() LAB_EXCLUDES(mutex_);

  // How many of them have given it up: a notification reaches these whoever sends it. Call it as advance().
  std::size_t sleepers() LAB_EXCLUDES(mutex_);

private:
  struct Waiter;

  Mutex mutex_;
  Instant now_ LAB_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Waiter>> waiters_ LAB_GUARDED_BY(mutex_);
};

}  // namespace lab
