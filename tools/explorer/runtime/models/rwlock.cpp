// Reader-writer locks. Which of the waiting gets the lock next is the scheduler's choice, so neither readers nor
// writers are preferred: every order that some preference allows is among those explored. As with mutexes the lock is
// in its Object alone. The errors are those of the C library: a writer that locks again is told so, a reader that wants
// to write waits for itself.
#include <pthread.h>

#include <cerrno>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer::runtime {

namespace {

Address address_of(const pthread_rwlock_t* lock) { return reinterpret_cast<Address>(lock); }

int lock_with(Thread& me, pthread_rwlock_t* rwlock, Hold hold, const timespec* deadline, Address pc) {
  check_heap(me, address_of(rwlock), 1, true, pc);
  if (owns(me, address_of(rwlock))) return EDEADLK;
  return deadline ? lock_until(me, address_of(rwlock), hold, *deadline, pc) : lock(me, address_of(rwlock), hold, pc);
}

}  // namespace

LAB_INTERPOSE int pthread_rwlock_init(pthread_rwlock_t* rwlock, const pthread_rwlockattr_t* attributes) noexcept {
  Entry entry;
  if (entry) {
    check_heap(entry.thread(), address_of(rwlock), sizeof *rwlock, true, LAB_PC());
    reset_lock(address_of(rwlock));
  }
  return LAB_REAL(pthread_rwlock_init)(rwlock, attributes);
}

LAB_INTERPOSE int pthread_rwlock_destroy(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_destroy)(rwlock);
  check_heap(entry.thread(), address_of(rwlock), 1, true, LAB_PC());
  return is_free(object_at(address_of(rwlock)), Hold::exclusive) ? 0 : EBUSY;
}

LAB_INTERPOSE int pthread_rwlock_rdlock(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_rdlock)(rwlock);
  return lock_with(entry.thread(), rwlock, Hold::shared, nullptr, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_wrlock(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_wrlock)(rwlock);
  return lock_with(entry.thread(), rwlock, Hold::exclusive, nullptr, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_tryrdlock(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_tryrdlock)(rwlock);
  return try_lock(entry.thread(), address_of(rwlock), Hold::shared, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_trywrlock(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_trywrlock)(rwlock);
  return try_lock(entry.thread(), address_of(rwlock), Hold::exclusive, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_timedrdlock(pthread_rwlock_t* rwlock, const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_timedrdlock)(rwlock, deadline);
  return lock_with(entry.thread(), rwlock, Hold::shared, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_timedwrlock(pthread_rwlock_t* rwlock, const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_timedwrlock)(rwlock, deadline);
  return lock_with(entry.thread(), rwlock, Hold::exclusive, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_clockrdlock(pthread_rwlock_t* rwlock, clockid_t clock,
                                             const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_clockrdlock)(rwlock, clock, deadline);
  return lock_with(entry.thread(), rwlock, Hold::shared, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_clockwrlock(pthread_rwlock_t* rwlock, clockid_t clock,
                                             const timespec* deadline) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_clockwrlock)(rwlock, clock, deadline);
  return lock_with(entry.thread(), rwlock, Hold::exclusive, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_rwlock_unlock)(rwlock);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(rwlock);
  check_heap(me, address, 1, true, pc);
  const bool owner = owns(me, address);
  if (!owner && !shares(me, address))
    fail(&me, pc, Verdict::crash, "thread %u unlocks a reader-writer lock that it does not hold", me.id);
  unlock(me, address, owner ? Hold::exclusive : Hold::shared, pc);
  return 0;
}

}  // namespace lab::explorer::runtime
