// Threads of the program as fibers: a stack and a block of thread-locals each, all on one operating system thread.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// Measures what the fibers need. To be called before the first run.
void prepare_fibers();

// Thread `id` gets a fresh stack, at the same address in every process, and fresh thread-locals; it will begin in
// `entry`.
void make_fiber(Thread& thread, void (*entry)());

// As make_fiber, but with the thread-locals of the caller: the first thread of a run.
void make_first_fiber(Thread& thread, void (*entry)());

// Stops here and goes on where `to` stopped.
void switch_fiber(Thread& from, Thread& to);

// The thread that was last switched to: whose fiber the caller is on.
Thread& this_fiber();

// From outside a run into its first fiber; returns when some fiber calls leave_run.
void enter_run(Thread& first);
[[noreturn]] void leave_run();

// What the program sees as its pthread_t. 0 for an unknown one.
Thread* thread_of(std::uintptr_t pthread);

// Whether the address is a thread-local that all fibers have at the same place: no other thread can mean it.
bool is_thread_local(Address address);

// Whether this address is on the thread's stack.
bool fiber_owns(const Thread& thread, Address address);

// The addresses that are the same in every process: the program's image, the fibers' stacks, the heap.
bool is_stable(Address address);
void set_image(Address begin, Address end);

}  // namespace lab::explorer::runtime
