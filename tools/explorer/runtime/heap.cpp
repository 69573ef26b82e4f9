#include "tools/explorer/runtime/heap.hpp"

#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/rewind.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_calloc(std::size_t, std::size_t);
extern "C" void* __libc_realloc(void*, std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);
extern "C" void __libc_free(void*);

namespace lab::explorer::runtime {
namespace {

// Above where the kernel puts the C library's heap of a program that is linked at a fixed address: at random in the GiB
// that follows the program.
constexpr Address heap_begin = 0x48000000;
constexpr Address heap_end = 0x78000000;
constexpr Address slice_bytes = 4u << 20;  // of a thread's own, by its number
constexpr Address slices = 64;             // threads that have one; the others, and who needs more, share the rest
constexpr Address chunk_bytes = 256u << 10;
constexpr Address shared_begin = heap_begin + slices * slice_bytes;
constexpr Address shared_end = heap_end - slice_bytes;  // the last slice is for what is allocated before a run
constexpr std::size_t unit = 16;

// One byte for each 16 of the heap: how many of them belong to a block; freed: the block was given back; 0: nobody's.
constexpr std::uint8_t freed = 255;
std::uint8_t* shadow;

// Before each block.
struct Header {
  std::uint64_t size;
  std::uint64_t is_freed;
};
static_assert(sizeof(Header) == unit);

Address shared_next = shared_begin;
std::uint64_t blocks_live;
bool in_use;
Thread before_threads;  // for what is allocated before the first thread of a run
bool reserved;

std::uint8_t& shadow_of(Address address) { return shadow[(address - heap_begin) / unit]; }
Header& header_of(Address block) { return *reinterpret_cast<Header*>(block - sizeof(Header)); }

bool refill(Thread& me, std::size_t bytes) {
  if (!me.had_slice && me.id < slices && bytes <= slice_bytes) {
    me.had_slice = true;
    me.heap_next = reinterpret_cast<char*>(heap_begin + me.id * slice_bytes);
    me.heap_end = me.heap_next + slice_bytes;
    return true;
  }
  const Address size = bytes > chunk_bytes ? (bytes + 4095) & ~Address{4095} : chunk_bytes;
  if (size > shared_end - shared_next) return false;
  me.heap_next = reinterpret_cast<char*>(shared_next);
  me.heap_end = me.heap_next + size;
  shared_next += size;
  return true;
}

void* allocate(Thread& me, std::size_t size, std::size_t alignment) {
  if (alignment < unit) alignment = unit;
  const std::size_t needed = size + alignment + 2 * unit;
  if (needed < size || needed > heap_end - heap_begin) return nullptr;
  if (me.heap_next == nullptr || static_cast<std::size_t>(me.heap_end - me.heap_next) < needed) {
    if (!refill(me, needed)) return nullptr;
  }
  const Address block = (reinterpret_cast<Address>(me.heap_next) + sizeof(Header) + alignment - 1) & ~(alignment - 1);
  header_of(block) = {size, 0};
  // One unit of nobody's after each block, so that running over its end is seen.
  me.heap_next = reinterpret_cast<char*>(((block + size + unit - 1) & ~(unit - 1)) + unit);
  std::uint8_t* mark = &shadow_of(block);
  std::memset(mark, unit, size / unit);
  mark += size / unit;
  if (size % unit != 0) *mark++ = static_cast<std::uint8_t>(size % unit);
  *mark = 0;
  ++blocks_live;
  if (state.again) std::memset(reinterpret_cast<void*>(block), 0, size);
  return reinterpret_cast<void*>(block);
}

bool is_block(Address address) {
  return address % unit == 0 && address > heap_begin && shadow_of(address) != 0 && shadow_of(address - unit) == 0;
}

// In the record, what was a write of the whole block is told as what it is.
void show_as_free(Thread& me) {
  me.pending_step = 0;
  Log& log = *state.log;
  if (log.step_count > 0) log.steps[log.step_count - 1].operation = Operation::free;
}

void deallocate(Thread* me, Address block, Address pc) {
  if (me != nullptr && !is_block(block) && header_of(block).size != 0)
    fail(me, pc, Verdict::use_after_free, "free() of %p, where no block begins", reinterpret_cast<void*>(block));
  Header& header = header_of(block);
  if (header.is_freed != 0) {
    if (me == nullptr) return;
    fail(me, pc, Verdict::use_after_free, "a block of %zu bytes is freed twice", static_cast<std::size_t>(header.size));
  }
  if (me != nullptr && header.size != 0) {
    // To the other threads, giving it back is like writing to it.
    access(*me, block, header.size, true, pc);
    if (state.plan->trace) show_as_free(*me);
    if (header.is_freed != 0)
      fail(me, pc, Verdict::use_after_free, "a block of %zu bytes is freed twice",
           static_cast<std::size_t>(header.size));
  }
  header.is_freed = 1;
  --blocks_live;
  std::memset(&shadow_of(block), freed, (header.size + unit - 1) / unit);
}

// Whose slice this allocation comes from; null: the C library's own heap.
Thread* allocator() {
  if (!in_use) return nullptr;
  if (current != nullptr) return current;
  if (state.unseen != nullptr) return state.unseen;
  return state.thread_count == 0 ? &before_threads : nullptr;
}

void* allocate_or_fail(Thread& me, std::size_t size, std::size_t alignment) {
  void* const block = allocate(me, size, alignment);
  if (block == nullptr) errno = ENOMEM;
  return block;
}

}  // namespace

bool is_heap(Address address) { return address >= heap_begin && address < heap_end && reserved; }

bool reserve_heap() {
  if (reserved) return true;
  void* const heap = mmap(reinterpret_cast<void*>(heap_begin), heap_end - heap_begin, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (heap == MAP_FAILED) return false;
  exempt_from_rewinding(static_cast<char*>(heap), heap_end - heap_begin);
  shadow = reinterpret_cast<std::uint8_t*>(reserve((heap_end - heap_begin) / unit));
  before_threads.heap_next = reinterpret_cast<char*>(shared_end);
  before_threads.heap_end = reinterpret_cast<char*>(heap_end);
  reserved = true;
  return true;
}

void use_heap(bool on) { in_use = on; }

std::uint64_t live_heap_blocks() { return blocks_live; }

void reset_heap() {
  if (!reserved) return;
  for (std::uint32_t i = 0; i < state.thread_count; ++i) {
    Thread& thread = threads[i];
    if (!thread.had_slice) continue;
    const Address begin = heap_begin + thread.id * slice_bytes;
    // A thread that went on to a chunk may have filled its slice.
    const Address next = reinterpret_cast<Address>(thread.heap_next);
    const Address end = next >= begin && next <= begin + slice_bytes ? next : begin + slice_bytes;
    std::memset(&shadow_of(begin), 0, (end - begin) / unit + (end < begin + slice_bytes ? 1 : 0));
  }
  if (shared_next > shared_begin) std::memset(&shadow_of(shared_begin), 0, (shared_next - shared_begin) / unit);
  shared_next = shared_begin;
  const Address early_begin = shared_end;
  std::memset(&shadow_of(early_begin), 0, (reinterpret_cast<Address>(before_threads.heap_next) - early_begin) / unit);
  before_threads.heap_next = reinterpret_cast<char*>(early_begin);
  blocks_live = 0;
}

void check_heap(Thread& me, Address address, std::size_t size, bool write, Address pc) {
  if (!is_heap(address)) [[likely]]
    return;
  const char* const what = write ? "write" : "read";
  const Address end = address + size;
  for (Address at = address; at < end; at = (at / unit + 1) * unit) {
    const std::uint8_t mark = shadow_of(at);
    state.touched = address;
    if (mark == freed) fail(&me, pc, Verdict::use_after_free, "%s of %zu bytes in a block that was freed", what, size);
    const Address last = end < (at / unit + 1) * unit ? end : (at / unit + 1) * unit;
    if (last - at / unit * unit > mark)
      fail(&me, pc, Verdict::crash, "%s of %zu bytes outside of any block of the heap", what, size);
  }
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer::runtime;

LAB_INTERPOSE void* malloc(std::size_t size) noexcept {
  Thread* const who = allocator();
  if (who == nullptr) return __libc_malloc(size);
  const Entry entry;
  return allocate_or_fail(*who, size, 16);
}

LAB_INTERPOSE void free(void* block) noexcept {
  if (block == nullptr) return;
  if (!is_heap(reinterpret_cast<Address>(block))) return __libc_free(block);
  const Entry entry;
  deallocate(entry ? &entry.thread() : nullptr, reinterpret_cast<Address>(block), LAB_PC());
}

LAB_INTERPOSE void* calloc(std::size_t count, std::size_t size) noexcept {
  Thread* const who = allocator();
  if (who == nullptr) return __libc_calloc(count, size);
  const Entry entry;
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return allocate_or_fail(*who, bytes, 16);  // never given out twice, so still as the kernel gave it; or cleared
}

LAB_INTERPOSE void* realloc(void* block, std::size_t size) noexcept {
  Thread* const who = allocator();
  const auto address = reinterpret_cast<Address>(block);
  if (!is_heap(address) && (who == nullptr || block != nullptr)) return __libc_realloc(block, size);
  const Entry entry;
  Thread& allocating = who != nullptr ? *who : before_threads;
  void* const moved = allocate_or_fail(allocating, size, 16);
  if (moved == nullptr || block == nullptr) return moved;
  if (entry) check_heap(entry.thread(), address, 1, false, LAB_PC());
  const std::size_t old = header_of(address).size;
  __builtin_memcpy(moved, block, old < size ? old : size);
  deallocate(entry ? &entry.thread() : nullptr, address, LAB_PC());
  return moved;
}

LAB_INTERPOSE void* memalign(std::size_t alignment, std::size_t size) noexcept {
  Thread* const who = allocator();
  if (who == nullptr) return __libc_memalign(alignment, size);
  const Entry entry;
  return allocate_or_fail(*who, size, alignment);
}

LAB_INTERPOSE void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

LAB_INTERPOSE int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void* const made = memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

LAB_INTERPOSE std::size_t malloc_usable_size(void* block) noexcept {
  if (block == nullptr) return 0;
  if (is_heap(reinterpret_cast<Address>(block))) return header_of(reinterpret_cast<Address>(block)).size;
  LAB_OUTLIVES_RUNS static std::size_t (*real)(void*);
  if (real == nullptr) real = reinterpret_cast<std::size_t (*)(void*)>(dlsym(RTLD_NEXT, "malloc_usable_size"));
  return real(block);
}
