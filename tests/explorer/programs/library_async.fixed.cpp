// Tasks: std::async in a thread and deferred, and a std::packaged_task in a thread of its own.
// expected: passed

#include <cassert>
#include <future>
#include <thread>
#include <utility>

namespace {

int square(int number) { return number * number; }

}  // namespace

int main() {
  std::future<int> at_once = std::async(std::launch::async, square, 3);
  std::future<int> when_asked = std::async(std::launch::deferred, square, 4);

  std::packaged_task<int(int)> task(square);
  std::future<int> packaged = task.get_future();
  std::thread worker(std::move(task), 5);

  const int sum = when_asked.get() + packaged.get() + at_once.get();
  assert(sum == 16 + 25 + 9);
  assert(!at_once.valid());
  worker.join();
}
