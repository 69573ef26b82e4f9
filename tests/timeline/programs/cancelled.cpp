// Cancels a thread that was faster, which the explorer does not model. With an argument it does so in each order.
#include <pthread.h>

#include <atomic>
#include <thread>

static std::atomic<bool> ready{false};

int main(int argc, char**) {
  std::thread first([] { ready = true; });
  if (argc > 1 || ready) pthread_cancel(first.native_handle());
  first.join();
}
