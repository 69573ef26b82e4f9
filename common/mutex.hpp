// std::mutex, std::shared_mutex and std::condition_variable under names that clang's -Wthread-safety can
// check: libstdc++'s own carry no annotations, so GUARDED_BY on a bare one warns in correct code as well.
// Everything here is one call deep and adds no state.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "common/thread_annotations.hpp"

namespace lab {

class LAB_CAPABILITY("mutex") Mutex {
public:
  void lock() LAB_ACQUIRE() { mutex_.lock(); }
  void unlock() LAB_RELEASE() { mutex_.unlock(); }
  // Tells the analysis, which can't follow a mutex into a lambda's body, that the caller holds it. Does nothing.
  void assert_held() const LAB_ASSERT_CAPABILITY(this) {}

private:
  friend class CondVar;
  std::mutex mutex_;
};

class LAB_CAPABILITY("shared mutex") SharedMutex {
public:
  void lock() LAB_ACQUIRE() { mutex_.lock(); }
  void unlock() LAB_RELEASE() { mutex_.unlock(); }
  void lock_shared() LAB_ACQUIRE_SHARED() { mutex_.lock_shared(); }
  void unlock_shared() LAB_RELEASE_SHARED() { mutex_.unlock_shared(); }

private:
  std::shared_mutex mutex_;
};

// Holds a Mutex for a scope.
class LAB_SCOPED_CAPABILITY MutexLock {
public:
  explicit MutexLock(Mutex& mutex) LAB_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() LAB_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

private:
  Mutex& mutex_;
};

// Holds a SharedMutex exclusively for a scope.
class LAB_SCOPED_CAPABILITY WriterLock {
public:
  explicit WriterLock(SharedMutex& mutex) LAB_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~WriterLock() LAB_RELEASE() { mutex_.unlock(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

private:
  SharedMutex& mutex_;
};

// Holds a SharedMutex in shared mode for a scope: other readers hold it too.
class LAB_SCOPED_CAPABILITY ReaderLock {
public:
  explicit ReaderLock(SharedMutex& mutex) LAB_ACQUIRE_SHARED(mutex) : mutex_(mutex) { mutex_.lock_shared(); }
  ~ReaderLock() LAB_RELEASE_ANY() { mutex_.unlock_shared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

private:
  SharedMutex& mutex_;
};

// A condition variable for Mutex. A wait may return without a notification: call it in a `while` that tests
// the condition, with the mutex held from the test to the wait.
class CondVar {
public:
  void wait(Mutex& held) LAB_REQUIRES(held) {
    std::unique_lock<std::mutex> lock(held.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  std::cv_status wait_for(Mutex& held, std::chrono::nanoseconds timeout) LAB_REQUIRES(held) {
    std::unique_lock<std::mutex> lock(held.mutex_, std::adopt_lock);
    const std::cv_status status = condition_.wait_for(lock, timeout);
    lock.release();
    return status;
  }

  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

private:
  std::condition_variable condition_;
};

}  // namespace lab
