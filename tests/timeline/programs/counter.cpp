// Two threads count, one each. With an argument they take a lock for it.
#include <cassert>
#include <mutex>
#include <thread>

static int counter = 0;
static std::mutex counter_mutex;

int main(int argc, char**) {
  const auto count = [argc] {
    std::unique_lock<std::mutex> lock(counter_mutex, std::defer_lock);
    if (argc > 1) lock.lock();
    ++counter;
  };
  std::thread first(count);
  std::thread second(count);
  first.join();
  second.join();
  assert(counter == 2);
}
