// Two threads, one race: what ThreadSanitizer says of it names the line with the increment.
#include <cstdio>
#include <thread>

namespace {
int shared = 0;
void increment() { ++shared; }
}  // namespace

int main() {
  std::thread one(increment);
  std::thread other(increment);
  one.join();
  other.join();
  std::puts("done");
}
