#include <cstdlib>

#include "tools/explorer/explorer.hpp"
#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer {

void expect(bool holds, const char* what) {
  if (holds) return;
  const runtime::Entry entry;
  runtime::Thread* const me = entry ? &entry.thread() : runtime::state.unseen;
  if (me == nullptr) std::abort();
  runtime::fail(me, LAB_PC(), Verdict::assertion, "%s: it does not", what);
}

void fail(const char* message) {
  const runtime::Entry entry;
  runtime::Thread* const me = entry ? &entry.thread() : runtime::state.unseen;
  if (me == nullptr) std::abort();
  runtime::fail(me, LAB_PC(), Verdict::assertion, "%s", message);
}

}  // namespace lab::explorer
