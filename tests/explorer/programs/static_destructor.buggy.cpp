// Static destructor: a detached thread still uses a global object that main's return has begun to destroy.
// expected: use_after_free
// deviations: 2

#include <atomic>
#include <thread>

namespace {

struct Settings {
  int* limit = new int(7);
  std::atomic<bool> usable = true;

  ~Settings() {
    delete limit;
    usable = false;  // too late: whoever looked before this still goes on to use the limit
  }
};

Settings settings;

void poll() {
  if (settings.usable) ++*settings.limit;
}

}  // namespace

int main() {
  std::thread(poll).detach();
  return 0;
}
