// A fixed number of threads that do one piece of work after the other together: they start at once, and the next piece
// begins only after all have ended the last. Between two pieces nothing runs, so what is counted then is exact.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "common/mutex.hpp"

namespace lab::load {

class Crew {
public:
  // `threads` is at least 1.
  explicit Crew(unsigned threads);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  unsigned size() const { return static_cast<unsigned>(threads_.size()); }

  // Calls `work` with 0 .. size() - 1, each on a thread of its own, and returns when all have returned. The start
  // orders none before another. For one caller at a time; `work` may not throw.
  void together(const std::function<void(unsigned)>& work) LAB_EXCLUDES(mutex_);

private:
  void live(unsigned number) LAB_EXCLUDES(mutex_);

  Mutex mutex_;
  CondVar begin_;
  CondVar ended_;
  const std::function<void(unsigned)>* work_ LAB_GUARDED_BY(mutex_) = nullptr;
  unsigned piece_ LAB_GUARDED_BY(mutex_) = 0;    // counts the pieces of work, so that no thread does one twice
  unsigned working_ LAB_GUARDED_BY(mutex_) = 0;  // threads that have not ended the present piece
  bool over_ LAB_GUARDED_BY(mutex_) = false;

  // Set to 0 under mutex_ before a piece begins. Threads are woken one by one: without this the first would have ended
  // a short piece before the last has begun.
  std::atomic<unsigned> arrived_{0};

  std::vector<std::thread> threads_;
};

}  // namespace lab::load
