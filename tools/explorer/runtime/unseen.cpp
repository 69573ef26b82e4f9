// Code of the test's own that is no part of what is explored. To the entry points it is outside of the run, as
// `current` is null; but what it allocates is the thread's, from the run's heap, so that seen code may have it and give
// it back.
#include "tools/explorer/explorer.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer {
namespace {

class Unseen {
public:
  explicit Unseen(runtime::Thread& me) { runtime::state.unseen = &me; }
  ~Unseen() { runtime::state.unseen = nullptr; }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
};

}  // namespace

void unseen(const std::function<void()>& act) {
  const runtime::Entry entry;
  if (!entry) return act();  // outside of a run, or within another of these
  const Unseen scope(entry.thread());
  act();
}

}  // namespace lab::explorer
