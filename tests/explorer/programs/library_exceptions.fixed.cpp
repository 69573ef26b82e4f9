// Exceptions across threads: one thread keeps its exception in an exception_ptr, the other one in a future.
// expected: passed

#include <cassert>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

[[noreturn]] void fail(const std::string& reason) { throw std::runtime_error(reason); }

}  // namespace

int main() {
  std::exception_ptr kept;
  std::thread first([&kept] {
    try {
      fail("first");
    } catch (...) {
      kept = std::current_exception();
    }
  });

  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread second([promise = std::move(promise)]() mutable {
    try {
      fail("second");
    } catch (const std::runtime_error&) {
      promise.set_exception(std::current_exception());
    }
  });

  std::string caught;
  try {
    result.get();
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  assert(caught == "second");

  first.join();
  second.join();
  try {
    std::rethrow_exception(kept);
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  assert(caught == "first");
}
