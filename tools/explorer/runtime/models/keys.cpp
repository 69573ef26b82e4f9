// Thread-specific data and the destructors of thread_local objects.
//
// The C library hands out the keys, and keeps the values of thread 0, which is its own thread: so keys and values from
// before the run are there in it, and those of the run after it. The other threads are not the C library's; their
// values and destructors are kept here. All of this concerns one thread only, so nothing of it is a point.
#include "tools/explorer/runtime/models/ends.hpp"

#include <limits.h>
#include <pthread.h>

#include <cerrno>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

extern "C" {
int __cxa_thread_atexit(void (*call)(void*), void* object, void* image);
int __cxa_thread_atexit_impl(void (*call)(void*), void* object, void* image);
void __call_tls_dtors();
}

namespace lab::explorer::runtime {

namespace {

struct Key {
  bool exists;
  void (*destructor)(void*);
};
Key keys[max_keys];

// Of a key beyond the table, which can only be from before the run, the values are known in thread 0 alone.
bool is_known(Thread& me, pthread_key_t key, Address pc) {
  if (key < max_keys) return keys[key].exists;
  if (me.id != 0) unsupported(&me, pc, "pthread_key_create", "too many keys");
  return true;
}

void* value_of(Thread& me, pthread_key_t key) {
  return me.id == 0 ? LAB_REAL(pthread_getspecific)(key) : me.key_values[key];
}

int set_value(Thread& me, pthread_key_t key, const void* value) {
  if (me.id == 0) return LAB_REAL(pthread_setspecific)(key, value);
  me.key_values[key] = const_cast<void*>(value);
  return 0;
}

int register_destructor(void (*call)(void*), void* object, void* image, Address pc) {
  Entry entry;
  if (!entry || entry.thread().id == 0) return LAB_REAL(__cxa_thread_atexit_impl)(call, object, image);
  Thread& me = entry.thread();
  if (me.destructor_count == max_destructors) unsupported(&me, pc, "thread_local", "too many with a destructor");
  me.destructors[me.destructor_count++] = {call, object};
  return 0;
}

}  // namespace

LAB_INTERPOSE int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  Entry entry;
  const int result = LAB_REAL(pthread_key_create)(key, destructor);
  if (result != 0) return result;
  if (*key < max_keys) {
    keys[*key] = {true, destructor};
    for (std::uint32_t id = 0; entry && id < state.thread_count; ++id) thread(id).key_values[*key] = nullptr;
  } else if (entry) {
    unsupported(&entry.thread(), LAB_PC(), "pthread_key_create", "too many keys");
  }
  return 0;
}

LAB_INTERPOSE int pthread_key_delete(pthread_key_t key) noexcept {
  const Entry entry;
  if (key < max_keys) keys[key] = {};
  return LAB_REAL(pthread_key_delete)(key);
}

LAB_INTERPOSE void* pthread_getspecific(pthread_key_t key) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_getspecific)(key);
  return is_known(entry.thread(), key, LAB_PC()) ? value_of(entry.thread(), key) : nullptr;
}

LAB_INTERPOSE int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_setspecific)(key, value);
  return is_known(entry.thread(), key, LAB_PC()) ? set_value(entry.thread(), key, value) : EINVAL;
}

void run_key_destructors(Thread& me) {
  bool again = true;
  for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {  // a destructor may set values anew
    again = false;
    for (pthread_key_t key = 0; key < max_keys; ++key) {
      if (!keys[key].exists || !keys[key].destructor) continue;
      void* const value = value_of(me, key);
      if (!value) continue;
      set_value(me, key, nullptr);
      again = true;
      const Leave leave(me);
      keys[key].destructor(value);
    }
  }
}

LAB_INTERPOSE int __cxa_thread_atexit(void (*call)(void*), void* object, void* image) {
  return register_destructor(call, object, image, LAB_PC());
}

LAB_INTERPOSE int __cxa_thread_atexit_impl(void (*call)(void*), void* object, void* image) {
  return register_destructor(call, object, image, LAB_PC());
}

void run_thread_destructors(Thread& me) {
  if (me.id == 0) {  // the C library's list; exit() runs it, but a thread that ends by pthread_exit does so first
    const auto run = LAB_REAL(__call_tls_dtors);
    const Leave leave(me);
    if (run) run();
    return;
  }
  while (me.destructor_count > 0) {  // one may register another
    const Thread::Destructor last = me.destructors[--me.destructor_count];
    const Leave leave(me);
    last.call(last.object);
  }
}

}  // namespace lab::explorer::runtime
