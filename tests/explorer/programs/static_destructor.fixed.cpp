// Static destructor: the thread is joined before main returns, and with it the global object begins to be destroyed.
// expected: passed

#include <atomic>
#include <thread>

namespace {

struct Settings {
  int* limit = new int(7);
  std::atomic<bool> usable = true;

  ~Settings() {
    delete limit;
    usable = false;
  }
};

Settings settings;

void poll() {
  if (settings.usable) ++*settings.limit;
}

}  // namespace

int main() {
  std::thread poller(poll);
  poller.join();
  return 0;
}
