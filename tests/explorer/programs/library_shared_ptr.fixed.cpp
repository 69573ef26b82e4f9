// Shared and weak pointers: several threads copy, lock and drop their own pointers to one object.
// expected: passed

#include <atomic>
#include <cassert>
#include <memory>
#include <thread>
#include <utility>

namespace {

std::atomic<int> alive{0};

struct Document {
  Document() { ++alive; }
  ~Document() { --alive; }
  int pages = 3;
};

}  // namespace

int main() {
  auto document = std::make_shared<Document>();
  const std::weak_ptr<Document> watched = document;

  std::thread printer([copy = document]() mutable {
    assert(copy->pages == 3);
    copy.reset();  // May be the last owner.
  });
  std::thread watcher([watched] {
    if (const auto locked = watched.lock()) assert(locked->pages == 3);
  });
  document.reset();
  printer.join();
  watcher.join();

  assert(watched.expired());
  assert(alive == 0);
}
