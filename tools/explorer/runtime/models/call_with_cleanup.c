// In C, and compiled with -fexceptions: an exception may go through it, and a program that is C has no C++ library
// whose help the same in C++ would need.
struct frame {
  void (*cleanup)(void*, int);
  void* argument;
  int returned;
};

static void leave(struct frame* frame) { frame->cleanup(frame->argument, frame->returned); }

void lab_explorer_call_with_cleanup(void (*call)(void), void (*cleanup)(void*, int), void* argument) {
  __attribute__((cleanup(leave))) struct frame frame = {cleanup, argument, 0};
  call();
  frame.returned = 1;
}
