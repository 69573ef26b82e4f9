#include "tools/explorer/runtime/fiber.hpp"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "tools/explorer/runtime/heap.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/rewind.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

// Saves the callee-saved registers (System V ABI for x86-64) on the stack, then takes up another stack.
extern "C" void lab_explorer_switch(void** save, void* to);
asm(R"(
.text
.globl lab_explorer_switch
.type lab_explorer_switch, @function
lab_explorer_switch:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size lab_explorer_switch, . - lab_explorer_switch
)");

// The C library's own, private but stable since glibc 2.2: it makes the thread-locals of a thread whose block is given.
extern "C" void* _dl_allocate_tls(void* block);

namespace lab::explorer::runtime {
namespace {

// Far from where the kernel puts anything by itself.
constexpr Address stacks_begin = 0x600000000000;
constexpr std::size_t stack_bytes = 8u << 20;  // reserved; what is not touched costs nothing
constexpr std::size_t guard_bytes = 4096;
constexpr std::size_t thread_struct_bytes =
    4096;  // glibc's struct pthread, 0x900 in 2.36, lies above the block's address

Address image_begin, image_end;
std::size_t static_tls_bytes;   // below a block's address: the thread-locals of the program and its libraries
std::size_t program_tls_bytes;  // the program's own part
std::ptrdiff_t tid_offset;      // of the kernel's thread id in struct pthread
void* outside;                  // the stack of whoever entered the run
bool can_write_fs;
// Where %fs cannot be written but by a call to the system, and only libraries have thread-locals (errno, exceptions in
// flight), all fibers use the same block, and a switch copies its contents. Nobody can tell: a library hands out no
// address in there that another thread would use.
bool share_block;
char* fresh_block;  // share_block: thread-locals as a new thread has them
Thread* switched_to;

char* thread_block() {
  char* block;
  asm("mov %%fs:0, %0" : "=r"(block));
  return block;
}

void set_thread_block(char* block) {
  if (can_write_fs) {
    asm volatile("wrfsbase %0" ::"r"(block) : "memory");
  } else {
    // arch_prctl(ARCH_SET_FS): the kernel may keep user code from writing the register
    long result;
    asm volatile("syscall" : "=a"(result) : "a"(158), "D"(0x1002), "S"(block) : "rcx", "r11", "memory");
  }
}

char* stack_of(const Thread& thread) { return reinterpret_cast<char*>(stacks_begin + thread.id * stack_bytes); }

int measure_tls(dl_phdr_info* info, std::size_t, void* block) {
  if (info->dlpi_name == nullptr || info->dlpi_name[0] == 0) {
    for (int i = 0; i < info->dlpi_phnum; ++i)
      if (info->dlpi_phdr[i].p_type == PT_TLS) program_tls_bytes = info->dlpi_phdr[i].p_memsz;
  }
  if (info->dlpi_tls_data != nullptr) {
    const auto distance = static_cast<std::size_t>(static_cast<char*>(block) - static_cast<char*>(info->dlpi_tls_data));
    // dlopen'ed libraries have theirs elsewhere
    if (distance < (1u << 20) && distance > static_tls_bytes) static_tls_bytes = distance;
  }
  return 0;
}

// HWCAP2_FSGSBASE: the kernel lets user code write %fs.
constexpr unsigned long hwcap2_fsgsbase = 2;

void prepare() {
  if (static_tls_bytes != 0) return;
  can_write_fs = (getauxval(AT_HWCAP2) & hwcap2_fsgsbase) != 0;
  char* const block = thread_block();
  dl_iterate_phdr(measure_tls, block);
  static_tls_bytes = (static_tls_bytes + 127) & ~std::size_t{63};
  const auto tid = static_cast<int>(gettid());
  for (std::ptrdiff_t i = 0x100; i < 0x800; i += 4) {
    if (*reinterpret_cast<int*>(block + i) == tid) {
      tid_offset = i;
      break;
    }
  }
  // One mapping for all stacks. Each gets its guard page when it is first used.
  void* const stacks = mmap(reinterpret_cast<void*>(stacks_begin), stack_bytes * max_threads, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (stacks == MAP_FAILED) {
    static constexpr char message[] = "lab: the explorer's place for stacks is taken in this process\n";
    (void)!write(2, message, sizeof message - 1);
    end_process(3);
  }
  exempt_from_rewinding(static_cast<char*>(stacks), stack_bytes * max_threads);
  // The runtime's `current` is all that the program's part of the thread-locals holds.
  share_block = !can_write_fs && program_tls_bytes <= 16;
  if (share_block) {
    fresh_block = reserve(64 * 1024) + 32 * 1024;
    _dl_allocate_tls(fresh_block);
  }
}

char* thread_locals_of(const Thread& thread) { return thread.control_block - static_tls_bytes; }

// What ret finds at the first switch to the fiber: six registers, then the entry, at a place that leaves the stack
// aligned as after a call.
void lay_stack(Thread& thread, char* top, void (*entry)()) {
  auto* word = reinterpret_cast<std::uintptr_t*>(reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15});
  *--word = 0;
  *--word = reinterpret_cast<std::uintptr_t>(entry);
  for (int i = 0; i < 6; ++i) *--word = 0;
  thread.stack_pointer = word;
}

LAB_OUTLIVES_RUNS bool guarded[max_threads];

void guard(const Thread& thread) {
  if (guarded[thread.id]) return;
  guarded[thread.id] = true;
  mprotect(stack_of(thread), guard_bytes, PROT_NONE);
}

}  // namespace

void prepare_fibers() { prepare(); }

void make_first_fiber(Thread& thread, void (*entry)()) {
  prepare();
  guard(thread);
  thread.control_block = thread_block();
  lay_stack(thread, stack_of(thread) + stack_bytes, entry);
}

void make_fiber(Thread& thread, void (*entry)()) {
  guard(thread);
  char* const top = stack_of(thread) + stack_bytes;
  char* const block = top - thread_struct_bytes;
  const char* const first = threads[0].control_block;
  thread.control_block = block;
  if (share_block) {
    std::memcpy(thread_locals_of(thread), fresh_block - static_tls_bytes, static_tls_bytes);
  } else {
    std::memset(block - static_tls_bytes, 0, static_tls_bytes + thread_struct_bytes);
    _dl_allocate_tls(block);
    // tcbhead_t: tcb, dtv, self, ..., stack guard, pointer guard. The guards are the process's.
    *reinterpret_cast<void**>(block) = block;
    *reinterpret_cast<void**>(block + 16) = block;
    std::memcpy(block + 40, first + 40, 16);
  }
  if (tid_offset != 0) std::memcpy(block + tid_offset, first + tid_offset, sizeof(int));
  lay_stack(thread, block - static_tls_bytes - 64, entry);
}

bool is_thread_local(Address address) {
  if (!share_block) return false;
  const auto block = reinterpret_cast<Address>(threads[0].control_block);
  return address < block && address >= block - static_tls_bytes;
}

// The first thread's own place is the block that all share, so its copy lies elsewhere.
static char* saved_locals(const Thread& thread) {
  return thread.id == 0 ? fresh_block + 16 * 1024 - static_tls_bytes : thread_locals_of(thread);
}

static void take_up_locals(const Thread* from, const Thread& to) {
  if (share_block) {
    char* const live = thread_locals_of(threads[0]);
    if (from != nullptr) std::memcpy(saved_locals(*from), live, static_tls_bytes);
    std::memcpy(live, saved_locals(to), static_tls_bytes);
  } else {
    set_thread_block(to.control_block);
  }
}

void switch_fiber(Thread& from, Thread& to) {
  if (&from == &to) return;
  switched_to = &to;
  take_up_locals(&from, to);
  lab_explorer_switch(&from.stack_pointer, to.stack_pointer);
}

Thread& this_fiber() { return *switched_to; }

void enter_run(Thread& first) {
  switched_to = &first;
  lab_explorer_switch(&outside, first.stack_pointer);
}

void leave_run() {
  if (switched_to->id != 0) take_up_locals(nullptr, threads[0]);
  set_current(nullptr);
  void* unused;
  lab_explorer_switch(&unused, outside);
  __builtin_unreachable();
}

Thread* thread_of(std::uintptr_t pthread) {
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (reinterpret_cast<std::uintptr_t>(threads[i].control_block) == pthread) return &threads[i];
  return nullptr;
}

bool fiber_owns(const Thread& thread, Address address) {
  const auto begin = reinterpret_cast<Address>(stack_of(thread));
  return address >= begin && address < begin + stack_bytes;
}

void set_image(Address begin, Address end) {
  image_begin = begin;
  image_end = end;
}

bool is_stable(Address address) {
  return (address >= image_begin && address < image_end) || is_heap(address) ||
         (address >= stacks_begin && address < stacks_begin + stack_bytes * max_threads);
}

}  // namespace lab::explorer::runtime
