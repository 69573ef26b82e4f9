// Strings: threads read one constant string, build strings of their own, and append to a guarded one.
// expected: passed

#include <cassert>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace {

const std::string prefix = "a prefix too long for the small buffer of a string: ";

std::mutex mutex;
std::string journal;  // Guarded by mutex.

void note(std::string_view word) {
  std::string line = prefix + std::string(word);
  line.insert(0, "> ");
  assert(line.find(word) == prefix.size() + 2);
  line.erase(0, prefix.size() + 2);
  const std::lock_guard lock(mutex);
  journal += line + '.';
}

}  // namespace

int main() {
  std::thread first(note, "one");
  std::thread second(note, "two");
  first.join();
  second.join();
  assert(journal == "one.two." || journal == "two.one.");
}
