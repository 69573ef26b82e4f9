// What the compiler calls at each memory access and at each function's begin and end, with -fsanitize=thread. clang and
// g++ call different ones; both are here.
#include <cstring>

#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {
namespace {

// A loop that reads memory and nothing else may wait for another thread without saying so.
constexpr std::uint64_t accesses_until_yield = 20'000;

// Whether the address is a stack's or a global's is not asked: what is shared is found by who touches it.
void record_access(Thread& me, Address address, std::size_t size, bool write, Address pc) {
  Step* const step = record(me, write ? Operation::write : Operation::read, address, pc);
  if (step == nullptr) return;
  step->size = static_cast<std::uint8_t>(size < 255 ? size : 255);
  if (size > sizeof step->value) return;
  if (write) {
    me.pending_step = state.log->step_count;  // its value is not there yet
  } else {
    std::memcpy(&step->value, reinterpret_cast<const void*>(address), size);
    step->has_value = true;
  }
}

}  // namespace

bool is_hot(Address pc) {
  const Plan& plan = *state.plan;
  std::uint32_t low = 0, high = plan.hot_count;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    if (plan.hot[middle] < pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < plan.hot_count && plan.hot[low] == pc;
}

void access(Thread& me, Address address, std::size_t size, bool write, Address pc) {
  count_access(me, pc);
  if (is_thread_local(address)) return;
  if (state.plan->trace) complete_write(me);
  check_heap(me, address, size, write, pc);
  if (state.plan->every_access || (state.plan->hot_count != 0 && is_hot(pc))) {
    Pending pending{write ? Operation::write : Operation::read, address & ~Address{7}, pc};
    pending.writes = write;
    pending.may_spin = !write;
    point(me, pending);
    check_heap(me, address, size, write, pc);  // another thread may have freed it meanwhile
    for (Address granule = address & ~Address{7}; granule < address + size; granule += 8)
      happened(me, pending.operation, granule, write);
  } else if (++me.accesses_since_point == accesses_until_yield) {
    Pending pending{Operation::yield, 0, pc};
    pending.writes = false;
    pending.yields = true;
    point(me, pending);
    happened(me, Operation::yield, 0, false);
  }
  check_races(me, address, size, write, false, pc);
  if (state.plan->trace) record_access(me, address, size, write, pc);
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer::runtime;

namespace {

__attribute__((noinline)) void slow(const volatile void* address, std::size_t size, bool write, Address pc) {
  const Entry entry;
  access(entry.thread(), reinterpret_cast<Address>(address), size, write, pc);
}

inline void touch(const volatile void* address, std::size_t size, bool write, Address pc) {
  if (current == nullptr) [[likely]]
    return;
  slow(address, size, write, pc);
}

}  // namespace

#define LAB_ACCESSES(bytes)                                                                                           \
  LAB_INTERPOSE void __tsan_read##bytes(void* address) { touch(address, bytes, false, LAB_PC()); }                    \
  LAB_INTERPOSE void __tsan_write##bytes(void* address) { touch(address, bytes, true, LAB_PC()); }                    \
  LAB_INTERPOSE void __tsan_read_write##bytes(void* address) {                                                        \
    touch(address, bytes, false, LAB_PC());                                                                           \
    touch(address, bytes, true, LAB_PC());                                                                            \
  }                                                                                                                   \
  LAB_INTERPOSE void __tsan_unaligned_read##bytes(void* address) { touch(address, bytes, false, LAB_PC()); }          \
  LAB_INTERPOSE void __tsan_unaligned_write##bytes(void* address) { touch(address, bytes, true, LAB_PC()); }          \
  LAB_INTERPOSE void __tsan_unaligned_read_write##bytes(void* address) {                                              \
    touch(address, bytes, false, LAB_PC());                                                                           \
    touch(address, bytes, true, LAB_PC());                                                                            \
  }                                                                                                                   \
  LAB_INTERPOSE void __tsan_volatile_read##bytes(void* address) { touch(address, bytes, false, LAB_PC()); }           \
  LAB_INTERPOSE void __tsan_volatile_write##bytes(void* address) { touch(address, bytes, true, LAB_PC()); }           \
  LAB_INTERPOSE void __tsan_unaligned_volatile_read##bytes(void* address) { touch(address, bytes, false, LAB_PC()); } \
  LAB_INTERPOSE void __tsan_unaligned_volatile_write##bytes(void* address) { touch(address, bytes, true, LAB_PC()); }
LAB_ACCESSES(1)
LAB_ACCESSES(2)
LAB_ACCESSES(4)
LAB_ACCESSES(8)
LAB_ACCESSES(16)

LAB_INTERPOSE void __tsan_read_range(void* address, unsigned long size) {
  if (size != 0) touch(address, size, false, LAB_PC());
}
LAB_INTERPOSE void __tsan_write_range(void* address, unsigned long size) {
  if (size != 0) touch(address, size, true, LAB_PC());
}
LAB_INTERPOSE void __tsan_vptr_read(void** address) { touch(address, sizeof *address, false, LAB_PC()); }
LAB_INTERPOSE void __tsan_vptr_update(void** address, void* value) {
  // Constructors and destructors write the same table again; only a change can disturb anybody.
  if (*address != value) touch(address, sizeof *address, true, LAB_PC());
}
LAB_INTERPOSE void __tsan_init() {}
LAB_INTERPOSE void __tsan_func_entry(void* caller) {
  Thread* const me = current;
  if (me == nullptr) [[likely]]
    return;
  if (me->depth < max_depth) me->frames[me->depth] = reinterpret_cast<Address>(caller);
  ++me->depth;
}
LAB_INTERPOSE void __tsan_func_exit() {
  Thread* const me = current;
  if (me != nullptr && me->depth > 0) --me->depth;
}
LAB_INTERPOSE void __tsan_ignore_thread_begin() {}
LAB_INTERPOSE void __tsan_ignore_thread_end() {}

// The memory functions: clang from 15 on calls __tsan_memcpy and so on; older ones and g++ call the plain names, which
// the link diverts here (-Wl,--wrap=memcpy ...).
extern "C" void* __real_memcpy(void*, const void*, std::size_t);
extern "C" void* __real_memmove(void*, const void*, std::size_t);
extern "C" void* __real_memset(void*, int, std::size_t);

#define LAB_MEMORY_FUNCTIONS(prefix)                                                  \
  LAB_INTERPOSE void* prefix##memcpy(void* to, const void* from, std::size_t size) {  \
    if (size != 0) touch(from, size, false, LAB_PC());                                \
    if (size != 0) touch(to, size, true, LAB_PC());                                   \
    return __real_memcpy(to, from, size);                                             \
  }                                                                                   \
  LAB_INTERPOSE void* prefix##memmove(void* to, const void* from, std::size_t size) { \
    if (size != 0) touch(from, size, false, LAB_PC());                                \
    if (size != 0) touch(to, size, true, LAB_PC());                                   \
    return __real_memmove(to, from, size);                                            \
  }                                                                                   \
  LAB_INTERPOSE void* prefix##memset(void* to, int value, std::size_t size) {         \
    if (size != 0) touch(to, size, true, LAB_PC());                                   \
    return __real_memset(to, value, size);                                            \
  }
LAB_MEMORY_FUNCTIONS(__tsan_)
LAB_MEMORY_FUNCTIONS(__wrap_)
