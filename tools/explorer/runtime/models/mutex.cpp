// Mutexes and spin locks. During a run the lock is in its Object alone and the mutex's memory holds only its kind, as
// its initialiser or pthread_mutex_init left it: so one that was initialised before the run is as good as any other,
// and the C library finds it free after the run.
//
// A normal mutex that its owner locks again is a deadlock; one that a thread unlocks without holding it is undefined
// behaviour, by which a program mostly gets two owners later on: the run ends where the mistake is.
#include <pthread.h>

#include <cerrno>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer::runtime {

namespace {

Address address_of(const pthread_mutex_t* mutex) { return reinterpret_cast<Address>(mutex); }
Address address_of(const pthread_spinlock_t* spin) { return reinterpret_cast<Address>(spin); }

int kind(const pthread_mutex_t* mutex) { return mutex->__data.__kind & 3; }

[[noreturn]] void not_held(Thread& me, Address pc, const char* what) {
  fail(&me, pc, Verdict::crash, "thread %u unlocks a %s that it does not hold", me.id, what);
}

}  // namespace

LAB_INTERPOSE int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  Entry entry;
  if (entry) {
    check_heap(entry.thread(), address_of(mutex), sizeof *mutex, true, LAB_PC());
    reset_lock(address_of(mutex));
  }
  return LAB_REAL(pthread_mutex_init)(mutex, attributes);
}

LAB_INTERPOSE int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_destroy)(mutex);
  check_heap(entry.thread(), address_of(mutex), 1, true, LAB_PC());
  return object_at(address_of(mutex)).owner < 0 ? 0 : EBUSY;
}

LAB_INTERPOSE int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_lock)(mutex);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(mutex);
  check_heap(me, address, 1, true, pc);
  if (owns(me, address)) {
    if (kind(mutex) == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
    if (kind(mutex) == PTHREAD_MUTEX_RECURSIVE) return lock_again(me, address, pc), 0;
  }
  return lock(me, address, Hold::exclusive, pc);
}

LAB_INTERPOSE int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_trylock)(mutex);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(mutex);
  check_heap(me, address, 1, true, pc);
  if (kind(mutex) == PTHREAD_MUTEX_RECURSIVE && owns(me, address)) return lock_again(me, address, pc), 0;
  return try_lock(me, address, Hold::exclusive, pc);
}

namespace {

int timed_lock(Thread& me, pthread_mutex_t* mutex, const timespec& deadline, Address pc) {
  const Address address = address_of(mutex);
  check_heap(me, address, 1, true, pc);
  if (owns(me, address)) {
    if (kind(mutex) == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
    if (kind(mutex) == PTHREAD_MUTEX_RECURSIVE) return lock_again(me, address, pc), 0;
  }
  return lock_until(me, address, Hold::exclusive, deadline, pc);
}

}  // namespace

LAB_INTERPOSE int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_timedlock)(mutex, deadline);
  return timed_lock(entry.thread(), mutex, *deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_clocklock)(mutex, clock, deadline);
  return timed_lock(entry.thread(), mutex, *deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_mutex_unlock)(mutex);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(mutex);
  check_heap(me, address, 1, true, pc);
  if (!owns(me, address)) {
    if (kind(mutex) == PTHREAD_MUTEX_ERRORCHECK || kind(mutex) == PTHREAD_MUTEX_RECURSIVE) return EPERM;
    not_held(me, pc, "mutex");
  }
  unlock(me, address, Hold::exclusive, pc);
  return 0;
}

LAB_INTERPOSE int pthread_spin_init(pthread_spinlock_t* spin, int shared) noexcept {
  Entry entry;
  if (entry) {
    check_heap(entry.thread(), address_of(spin), sizeof *spin, true, LAB_PC());
    reset_lock(address_of(spin));
  }
  return LAB_REAL(pthread_spin_init)(spin, shared);
}

LAB_INTERPOSE int pthread_spin_destroy(pthread_spinlock_t* spin) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_spin_destroy)(spin);
  check_heap(entry.thread(), address_of(spin), 1, true, LAB_PC());
  return object_at(address_of(spin)).owner < 0 ? 0 : EBUSY;
}

LAB_INTERPOSE int pthread_spin_lock(pthread_spinlock_t* spin) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_spin_lock)(spin);
  return lock(entry.thread(), address_of(spin), Hold::exclusive, LAB_PC());
}

LAB_INTERPOSE int pthread_spin_trylock(pthread_spinlock_t* spin) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_spin_trylock)(spin);
  return try_lock(entry.thread(), address_of(spin), Hold::exclusive, LAB_PC());
}

LAB_INTERPOSE int pthread_spin_unlock(pthread_spinlock_t* spin) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_spin_unlock)(spin);
  Thread& me = entry.thread();
  const Address pc = LAB_PC();
  check_heap(me, address_of(spin), 1, true, pc);
  if (!owns(me, address_of(spin))) not_held(me, pc, "spin lock");
  unlock(me, address_of(spin), Hold::exclusive, pc);
  return 0;
}

}  // namespace lab::explorer::runtime
