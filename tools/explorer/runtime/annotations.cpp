// What code says to ThreadSanitizer by hand (sanitizer/tsan_interface.h): orders that the compiler cannot see.
#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

using namespace lab::explorer::runtime;

LAB_INTERPOSE void __tsan_acquire(void* address) {
  const Entry entry;
  if (entry) acquire(entry.thread(), object_at(reinterpret_cast<Address>(address)).released);
}

LAB_INTERPOSE void __tsan_release(void* address) {
  const Entry entry;
  if (entry) release(entry.thread(), object_at(reinterpret_cast<Address>(address)).released);
}

// A lock made by hand, as libstdc++'s atomic<shared_ptr> has one in a pointer's low bit: that it orders what it guards
// is all that matters here, since the atomic operations that it is made of are points.
LAB_INTERPOSE void __tsan_mutex_create(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_destroy(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_pre_lock(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_post_lock(void* address, unsigned, int) { __tsan_acquire(address); }
LAB_INTERPOSE int __tsan_mutex_pre_unlock(void* address, unsigned) {
  __tsan_release(address);
  return 0;
}
LAB_INTERPOSE void __tsan_mutex_post_unlock(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_pre_signal(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_post_signal(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_pre_divert(void*, unsigned) {}
LAB_INTERPOSE void __tsan_mutex_post_divert(void*, unsigned) {}
