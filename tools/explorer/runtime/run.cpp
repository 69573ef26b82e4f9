#include "tools/explorer/runtime/run.hpp"

#include <unistd.h>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/heap.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/process.hpp"
#include "tools/explorer/runtime/models/threads.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

// Of the linker: where the program's image begins and ends.
extern "C" char __executable_start, _end;

// glibc's hint that no second thread was ever made; libstdc++ then counts shared_ptr's owners without atomics.
extern "C" char __libc_single_threaded;

namespace lab::explorer::runtime {
namespace {

Body run_body;
void* run_argument;

void first_thread() {
  Thread& me = this_fiber();
  {
    const Leave program(me);
    run_body(run_argument);
  }
  wait_for_all(me);
  end_run();
}

}  // namespace

void prepare() {
  if (!reserve_heap()) {
    static constexpr char message[] = "lab: the explorer's place for the heap is taken in this process\n";
    (void)!write(2, message, sizeof message - 1);
    end_process(3);
  }
  set_image(reinterpret_cast<Address>(&__executable_start), reinterpret_cast<Address>(&_end));
  prepare_state();
  prepare_fibers();
  watch_for_crashes();
}

void run(Exchange& exchange, Body body, void* argument, bool in_process) {
  reset_state(exchange, in_process);
  forget_races();
  __libc_single_threaded = 0;
  run_body = body;
  run_argument = argument;
  Thread& first = new_thread(threads[0]);
  make_first_fiber(first, first_thread);
  when_over = leave_run;
  use_heap(true);
  wind_watchdog();
  begin_run(first);
  use_heap(false);
  state.unseen = nullptr;  // where the run ended within such code
  reset_heap();
}

}  // namespace lab::explorer::runtime
