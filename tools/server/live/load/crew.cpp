#include "tools/server/live/load/crew.hpp"

namespace lab::load {

Crew::Crew(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned number = 0; number < threads; ++number) threads_.emplace_back([this, number] { live(number); });
}

Crew::~Crew() {
  {
    MutexLock lock(mutex_);
    over_ = true;
    begin_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void Crew::together(const std::function<void(unsigned)>& work) {
  MutexLock lock(mutex_);
  work_ = &work;
  working_ = size();
  arrived_ = 0;
  ++piece_;
  begin_.notify_all();
  while (working_ > 0) ended_.wait(mutex_);
  work_ = nullptr;
}

void Crew::live(unsigned number) {
  unsigned done = 0;
  for (;;) {
    const std::function<void(unsigned)>* work = nullptr;
    unsigned threads = 0;
    {
      MutexLock lock(mutex_);
      while (!over_ && piece_ == done) begin_.wait(mutex_);
      if (over_) return;
      done = piece_;
      work = work_;
      threads = working_;
    }
    // No thread has ended this piece yet, since each waits here for all: so `threads` is their number.
    arrived_.fetch_add(1, std::memory_order_relaxed);  // relaxed: the threads only see how many have come
    while (arrived_.load(std::memory_order_relaxed) < threads) std::this_thread::yield();
    (*work)(number);
    MutexLock lock(mutex_);
    if (--working_ == 0) ended_.notify_one();
  }
}

}  // namespace lab::load
