// Streams: threads format in string streams of their own and print whole lines under a mutex.
// expected: passed

#include <cassert>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

namespace {

std::mutex mutex;
std::ostringstream copy;  // Guarded by mutex, as is the use of std::cout.

void report(int number) {
  std::ostringstream line;
  line << "thread " << std::setw(3) << std::setfill('0') << number << ": " << number / 4.0 << '\n';
  const std::lock_guard lock(mutex);
  std::cout << line.str() << std::flush;
  copy << line.str();
}

}  // namespace

int main() {
  std::thread first(report, 1);
  std::thread second(report, 2);
  first.join();
  second.join();

  const std::string one = "thread 001: 0.25\n";
  const std::string two = "thread 002: 0.5\n";
  assert(copy.str() == one + two || copy.str() == two + one);
}
