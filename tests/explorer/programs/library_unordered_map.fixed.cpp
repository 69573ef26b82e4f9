// Hash map: two threads insert, find and erase under one mutex, through a rehash.
// expected: passed

#include <cassert>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace {

std::mutex mutex;
std::unordered_map<int, std::string> names;  // Guarded by mutex.

// Each thread has keys of its own.
void fill(int first_key) {
  {
    const std::lock_guard lock(mutex);
    for (int key = first_key; key < first_key + 10; ++key) names.emplace(key, std::to_string(key));
  }
  const std::lock_guard lock(mutex);
  assert(names.at(first_key + 9) == std::to_string(first_key + 9));
  names.erase(first_key);
}

}  // namespace

int main() {
  std::thread first(fill, 0);
  std::thread second(fill, 100);
  first.join();
  second.join();
  assert(names.size() == 18);
  assert(names.count(0) == 0 && names.count(100) == 0);
}
