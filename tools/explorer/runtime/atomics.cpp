// Atomic operations. All execute in one order, as if each were sequentially consistent; the memory orders that the
// program wrote decide what happens before what, and so which plain accesses race.
#include <atomic>

#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {
namespace {

// The orders as the compiler passes them; 0 is relaxed.
constexpr int order_consume = 1, order_acquire = 2, order_release = 3, order_acq_rel = 4, order_seq_cst = 5;

bool acquires(int order) {
  return order == order_consume || order == order_acquire || order == order_acq_rel || order == order_seq_cst;
}
bool releases(int order) { return order == order_release || order == order_acq_rel || order == order_seq_cst; }

void see(Thread& me, const Clock* released, int order) {
  if (released == nullptr) return;
  if (acquires(order)) {
    acquire(me, released);
  } else {
    // An acquire fence later makes up for it ([atomics.fences]).
    if (me.fence_acquirable == nullptr) me.fence_acquirable = new_clock();
    join_clock(*me.fence_acquirable, *released);
  }
}

// A store begins a new release sequence; an update goes on with the one that is there.
void publish(Thread& me, Object& object, int order, bool update) {
  if (releases(order)) {
    if (update) {
      release(me, object.released);
    } else {
      release_anew(me, object.released);
    }
    return;
  }
  if (!update) object.released = nullptr;
  if (me.fence_released == nullptr) return;
  // What a release fence before it published goes out with a relaxed store.
  if (object.released == nullptr) object.released = new_clock();
  join_clock(*object.released, *me.fence_released);
}

__extension__ using Wide = unsigned __int128;

std::uint64_t low_part(Wide value) { return static_cast<std::uint64_t>(value); }

// An atomic operation from its point to its step. `act` does it and returns what it did.
struct Done {
  std::uint64_t value;  // to show: read, or written
  bool wrote;           // though it may be what was there
  bool changed;
  bool succeeded;
};

template <typename Act>
void operate(Thread& me, Operation operation, const volatile void* where, std::size_t size, int order,
             int failure_order, bool may_spin, Address pc, Act act) {
  const auto address = reinterpret_cast<Address>(where);
  count_access(me, pc);
  check_heap(me, address, size, operation != Operation::atomic_load, pc);
  Pending pending{operation, address, pc};
  pending.writes = operation != Operation::atomic_load;
  pending.may_spin = may_spin;
  point(me, pending);
  check_heap(me, address, size, operation != Operation::atomic_load, pc);
  Object& object = object_at(address);
  if (operation != Operation::atomic_load)
    atomic_access(me, address, size, true, pc);
  else
    atomic_access(me, address, size, false, pc);
  const Done done = act();
  if (operation != Operation::atomic_store) see(me, object.released, done.succeeded ? order : failure_order);
  if (done.wrote) publish(me, object, order, operation == Operation::atomic_update);
  // A write of what is there is no news to whoever spins; but whom it synchronises with depends on its order.
  happened(me, operation, address,
           done.changed ? Effect::changes
           : done.wrote ? Effect::orders
                        : Effect::reads,
           done.succeeded ? 0 : 1);
  if (Step* const step = record(me, operation, address, pc)) {
    step->size = static_cast<std::uint8_t>(size);
    step->atomic = true;
    step->value = done.value;
    step->has_value = size <= sizeof step->value;
    step->succeeded = done.succeeded;
  }
}

// Sixteen bytes at once have no portable instruction but this one.
Wide wide_exchange_if(volatile Wide* where, Wide expected, Wide desired) {
  return __sync_val_compare_and_swap(where, expected, desired);
}

template <typename T>
T load_now(const volatile T* where) {
  if constexpr (sizeof(T) == 16) {
    return wide_exchange_if(const_cast<volatile Wide*>(where), 0, 0);
  } else {
    return __atomic_load_n(where, __ATOMIC_SEQ_CST);
  }
}

template <typename T>
bool exchange_if_now(volatile T* where, T& expected, T desired) {
  if constexpr (sizeof(T) == 16) {
    const T found = wide_exchange_if(where, expected, desired);
    const bool done = found == expected;
    expected = found;
    return done;
  } else {
    return __atomic_compare_exchange_n(where, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
}

// Replaces the value by change(value) and returns what was there.
template <typename T, typename Change>
T update_now(volatile T* where, Change change) {
  T seen = load_now(where);
  while (!exchange_if_now(where, seen, static_cast<T>(change(seen)))) {
  }
  return seen;
}

template <typename T>
T load(const volatile T* where, int order, Address pc) {
  const Entry entry;
  if (!entry) return load_now(where);
  T value{};
  operate(entry.thread(), Operation::atomic_load, where, sizeof(T), order, order, true, pc, [&] {
    value = load_now(where);
    return Done{low_part(value), false, false, true};
  });
  return value;
}

template <typename T>
void store(volatile T* where, T value, int order, Address pc) {
  const Entry entry;
  const auto now = [&] { update_now(where, [&](T) { return value; }); };
  if (!entry) return now();
  operate(entry.thread(), Operation::atomic_store, where, sizeof(T), order, order, false, pc, [&] {
    const bool changed = load_now(where) != value;
    now();
    return Done{low_part(value), true, changed, true};
  });
}

template <typename T, typename Change>
T update(volatile T* where, int order, Address pc, Change change) {
  const Entry entry;
  if (!entry) return update_now(where, change);
  T before{};
  // An update that leaves the value as it is (test-and-set on a flag that is set) may be a spin.
  const bool idle = static_cast<T>(change(load_now(where))) == load_now(where);
  operate(entry.thread(), Operation::atomic_update, where, sizeof(T), order, order, idle, pc, [&] {
    before = update_now(where, change);
    const T after = static_cast<T>(change(before));
    return Done{low_part(after), after != before || releases(order), after != before, true};
  });
  return before;
}

template <typename T>
bool exchange_if(volatile T* where, T& expected, T desired, int order, int failure_order, Address pc) {
  const Entry entry;
  if (!entry) return exchange_if_now(where, expected, desired);
  bool done = false;
  const bool idle = load_now(where) != expected;
  operate(entry.thread(), Operation::atomic_update, where, sizeof(T), order, failure_order, idle, pc, [&] {
    done = exchange_if_now(where, expected, desired);
    return Done{low_part(done ? desired : expected), done, done, done};
  });
  return done;
}

void fence(Thread& me, int order, Address pc) {
  static char fences;  // seq_cst fences are ordered among themselves through this
  const auto address = reinterpret_cast<Address>(&fences);
  if (acquires(order) && me.fence_acquirable != nullptr) {
    acquire(me, me.fence_acquirable);
    me.fence_acquirable = nullptr;
  }
  if (order == order_seq_cst) acquire(me, object_at(address).released);
  if (releases(order)) {
    if (order == order_seq_cst) release(me, object_at(address).released);
    release_anew(me, me.fence_released);
  }
  if (order == order_seq_cst) happened(me, Operation::fence, address, true);
  record(me, Operation::fence, 0, pc);
}

}  // namespace

void atomic_access(Thread& me, Address address, std::size_t size, bool write, Address pc) {
  check_races(me, address, size, write, true, pc);
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer::runtime;

#define LAB_FETCH(bits, type, name, expression)                                                             \
  LAB_INTERPOSE type __tsan_atomic##bits##_fetch_##name(volatile type* where, type value, int order) {      \
    return update(where, order, LAB_PC(), [&](type was) -> type { return static_cast<type>(expression); }); \
  }

#define LAB_ATOMICS(bits, type)                                                                                     \
  LAB_INTERPOSE type __tsan_atomic##bits##_load(const volatile type* where, int order) {                            \
    return load(where, order, LAB_PC());                                                                            \
  }                                                                                                                 \
  LAB_INTERPOSE void __tsan_atomic##bits##_store(volatile type* where, type value, int order) {                     \
    store(where, value, order, LAB_PC());                                                                           \
  }                                                                                                                 \
  LAB_INTERPOSE type __tsan_atomic##bits##_exchange(volatile type* where, type value, int order) {                  \
    return update(where, order, LAB_PC(), [&](type) -> type { return value; });                                     \
  }                                                                                                                 \
  LAB_FETCH(bits, type, add, was + value)                                                                           \
  LAB_FETCH(bits, type, sub, was - value)                                                                           \
  LAB_FETCH(bits, type, and, was& value)                                                                            \
  LAB_FETCH(bits, type, or, was | value)                                                                            \
  LAB_FETCH(bits, type, xor, was ^ value)                                                                           \
  LAB_FETCH(bits, type, nand, ~(was & value))                                                                       \
  LAB_INTERPOSE int __tsan_atomic##bits##_compare_exchange_strong(volatile type* where, type* expected, type value, \
                                                                  int order, int failure_order) {                   \
    return exchange_if(where, *expected, value, order, failure_order, LAB_PC());                                    \
  }                                                                                                                 \
  LAB_INTERPOSE int __tsan_atomic##bits##_compare_exchange_weak(volatile type* where, type* expected, type value,   \
                                                                int order, int failure_order) {                     \
    return exchange_if(where, *expected, value, order, failure_order, LAB_PC());                                    \
  }                                                                                                                 \
  LAB_INTERPOSE type __tsan_atomic##bits##_compare_exchange_val(volatile type* where, type expected, type value,    \
                                                                int order, int failure_order) {                     \
    exchange_if(where, expected, value, order, failure_order, LAB_PC());                                            \
    return expected;                                                                                                \
  }
LAB_ATOMICS(8, std::uint8_t)
LAB_ATOMICS(16, std::uint16_t)
LAB_ATOMICS(32, std::uint32_t)
LAB_ATOMICS(64, std::uint64_t)
LAB_ATOMICS(128, Wide)

LAB_INTERPOSE void __tsan_atomic_thread_fence(int order) {
  const Entry entry;
  if (entry) fence(entry.thread(), order, LAB_PC());
  std::atomic_thread_fence(std::memory_order_seq_cst);
}
LAB_INTERPOSE void __tsan_atomic_signal_fence(int) {}
