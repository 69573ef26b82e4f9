// A whole program under the explorer. It is taken over before its first instruction: the C library's start routine is
// replaced, and instead of starting the program it serves (serve.hpp); each run starts the program.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/models/process.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/serve.hpp"

namespace lab::explorer::runtime {
namespace {

using Main = int (*)(int, char**, char**);
using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);

struct Program {
  Start start;
  Main main;
  int argc;
  char** argv;
  void (*init)();
  void (*fini)();
  void (*rtld_fini)();
  void* stack_end;
};
Program program;

// Registered before anything of the program is: the last thing that exit() calls.
void at_last() {
  if (current == nullptr) return;
  set_current(nullptr);
  fflush(nullptr);
  end_run();
}

int explored_main(int argc, char** argv, char** environment) {
  const int status = program.main(argc, argv, environment);
  const Entry entry;
  main_returned(entry.thread(), status);
  return status;
}

void start_program(void*) {
  atexit(at_last);
  program.start(explored_main, program.argc, program.argv, program.init, program.fini, program.rtld_fini,
                program.stack_end);
}

}  // namespace
}  // namespace lab::explorer::runtime

using namespace lab::explorer;
using namespace lab::explorer::runtime;

LAB_INTERPOSE int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                                    void (*rtld_fini)(), void* stack_end) {
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  const char* const exchange_words = getenv(exchange_variable);
  int memory, input, output;
  if (exchange_words == nullptr || sscanf(exchange_words, "%d,%d,%d", &memory, &input, &output) != 3)
    return start(main, argc, argv, init, fini, rtld_fini, stack_end);
  unsetenv(exchange_variable);
  void* const shared = mmap(nullptr, sizeof(Exchange), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (shared == MAP_FAILED) {
    static constexpr char message[] = "lab: the memory shared with the explorer cannot be mapped\n";
    (void)!write(2, message, sizeof message - 1);
    end_process(3);
  }
  close(memory);
  program = {start, main, argc, argv, init, fini, rtld_fini, stack_end};
  serve(*static_cast<Exchange*>(shared), start_program, nullptr, false, {input, output});
}
