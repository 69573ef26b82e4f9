#include "common/clock.hpp"

#include <algorithm>

namespace lab {

Instant SystemClock::now() {
  return {std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now()),
          std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now())};
}

std::cv_status SystemClock::wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) {
  return wake.wait_for(held, timeout);
}

// What advance() needs in order to wake one waiter. The pointers belong to the waiting thread's frame and are
// null once it has left, so advance() follows them only under `mutex`.
struct ManualClock::Waiter {
  Waiter(Mutex& held_by_caller, CondVar& woken) : held(&held_by_caller), wake(&woken) {}

  SteadyTime deadline;  // set before the waiter is listed, constant from then on
  Mutex mutex;
  Mutex* held LAB_GUARDED_BY(mutex);
  CondVar* wake LAB_GUARDED_BY(mutex);

  // Notifies under `held`: the waiter has then either not yet read the time, and will read the new one, or
  // waits already, and gets the notification.
  void notify() LAB_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    if (held == nullptr) return;
    MutexLock held_lock(*held);
    wake->notify_all();
  }

  // Whoever waits here had `held` when it was listed; that another can have it shows that the wait has begun.
  bool sleeps() LAB_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    if (held == nullptr) return false;
    MutexLock held_lock(*held);
    return true;
  }

  void leave() LAB_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    held = nullptr;
    wake = nullptr;
  }
};

ManualClock::ManualClock(WallTime start) : now_{SteadyTime(std::chrono::hours(1)), start} {}

ManualClock::~ManualClock() = default;

Instant ManualClock::now() {
  MutexLock lock(mutex_);
  return now_;
}

std::cv_status ManualClock::wait_for(Mutex& held, CondVar& wake, std::chrono::nanoseconds timeout) {
  const auto waiter = std::make_shared<Waiter>(held, wake);
  bool due = false;
  {
    MutexLock lock(mutex_);
    waiter->deadline = now_.steady + timeout;
    due = timeout <= std::chrono::nanoseconds::zero();
    waiters_.push_back(waiter);
  }
  if (!due) wake.wait(held);

  // Left without `held`, which advance() may hold or want while it holds waiter->mutex.
  held.unlock();
  waiter->leave();
  {
    MutexLock lock(mutex_);
    due = now_.steady >= waiter->deadline;
    std::erase(waiters_, waiter);
  }
  held.lock();
  return due ? std::cv_status::timeout : std::cv_status::no_timeout;
}

void ManualClock::advance(std::chrono::nanoseconds by) {
  std::vector<std::shared_ptr<Waiter>> due;
  {
    MutexLock lock(mutex_);
    now_.steady += by;
    now_.wall += by;
    for (const auto& waiter : waiters_) {
      if (now_.steady >= waiter->deadline) due.push_back(waiter);
    }
  }
  for (const auto& waiter : due) waiter->notify();
}

void ManualClock::step_wall(std::chrono::nanoseconds by) {
  MutexLock lock(mutex_);
  now_.wall += by;
}

std::size_t ManualClock::waiters() {
  MutexLock lock(mutex_);
  return waiters_.size();
}

std::size_t ManualClock::sleepers() {
  std::vector<std::shared_ptr<Waiter>> listed;
  {
    MutexLock lock(mutex_);
    listed = waiters_;
  }
  return static_cast<std::size_t>(
      std::count_if(listed.begin(), listed.end(), [](const auto& waiter) { return waiter->sleeps(); }));
}

}  // namespace lab
