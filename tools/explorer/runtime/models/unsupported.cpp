// What the explorer does not model. A run that needs it ends with the verdict "could not judge" and the function's
// name: anything else would be an answer to another question. Some of it is harmless where no other thread is alive to
// run meanwhile, and is then let through.
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/models/time.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer::runtime {

namespace {

bool others_live() { return state.live_threads > 1; }

constexpr char no_signals[] = "signals between threads are not modelled";
constexpr char no_processes[] = "other processes are not modelled, and other threads are alive";
constexpr char no_waiting[] = "waiting for the outside is not modelled, and other threads are alive";

}  // namespace

// --- cancellation: the state can be set, since nobody can be cancelled -----------------------------------

LAB_INTERPOSE int pthread_cancel(pthread_t thread) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cancel)(thread);
  unsupported(&entry.thread(), LAB_PC(), "pthread_cancel", "cancellation is not modelled");
}

LAB_INTERPOSE int pthread_setcancelstate(int cancel_state, int* old) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_setcancelstate)(cancel_state, old);
  if (old) *old = PTHREAD_CANCEL_ENABLE;
  return 0;
}

LAB_INTERPOSE int pthread_setcanceltype(int type, int* old) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_setcanceltype)(type, old);
  if (old) *old = PTHREAD_CANCEL_DEFERRED;
  return 0;
}

LAB_INTERPOSE void pthread_testcancel() {
  Entry entry;
  if (!entry) LAB_REAL(pthread_testcancel)();
}

LAB_INTERPOSE int pthread_mutexattr_setrobust(pthread_mutexattr_t* attributes, int robustness) noexcept {
  Entry entry;
  if (entry && robustness == PTHREAD_MUTEX_ROBUST)
    unsupported(&entry.thread(), LAB_PC(), "pthread_mutexattr_setrobust", "robust mutexes are not modelled");
  return LAB_REAL(pthread_mutexattr_setrobust)(attributes, robustness);
}

// <threads.h> calls the C library's own mutexes, past all that stands in front of them.
LAB_INTERPOSE int thrd_create(thrd_t* made, thrd_start_t routine, void* argument) {
  Entry entry;
  if (!entry) return LAB_REAL(thrd_create)(made, routine, argument);
  unsupported(&entry.thread(), LAB_PC(), "thrd_create", "the threads of C11's <threads.h> are not modelled");
}

// --- signals ----------------------------------------------------------------------------------------------

LAB_INTERPOSE int pthread_kill(pthread_t target, int signal) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_kill)(target, signal);
  if (signal != 0) unsupported(&entry.thread(), LAB_PC(), "pthread_kill", no_signals);
  for (std::uint32_t id = 0; id < state.thread_count; ++id)
    if (reinterpret_cast<pthread_t>(thread(id).control_block) == target) return thread(id).alive ? 0 : ESRCH;
  return ESRCH;
}

LAB_INTERPOSE int pause() {
  Entry entry;
  if (!entry) return LAB_REAL(pause)();
  unsupported(&entry.thread(), LAB_PC(), "pause", no_signals);
}

LAB_INTERPOSE int sigsuspend(const sigset_t* mask) {
  Entry entry;
  if (!entry) return LAB_REAL(sigsuspend)(mask);
  unsupported(&entry.thread(), LAB_PC(), "sigsuspend", no_signals);
}

LAB_INTERPOSE int sigwait(const sigset_t* set, int* signal) {
  Entry entry;
  if (!entry) return LAB_REAL(sigwait)(set, signal);
  unsupported(&entry.thread(), LAB_PC(), "sigwait", no_signals);
}

LAB_INTERPOSE int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  Entry entry;
  if (!entry) return LAB_REAL(sigwaitinfo)(set, info);
  unsupported(&entry.thread(), LAB_PC(), "sigwaitinfo", no_signals);
}

LAB_INTERPOSE int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  Entry entry;
  if (!entry) return LAB_REAL(sigtimedwait)(set, info, timeout);
  unsupported(&entry.thread(), LAB_PC(), "sigtimedwait", no_signals);
}

LAB_INTERPOSE int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(timer_create)(clock, event, timer);
  unsupported(&entry.thread(), LAB_PC(), "timer_create", "timers run on the real clock");
}

// --- processes --------------------------------------------------------------------------------------------

// The child is no part of the run: nothing that it does counts, and it leaves the log alone.
LAB_INTERPOSE pid_t fork() noexcept {
  Thread* const me = current;
  set_current(nullptr);
  if (me && others_live()) unsupported(me, LAB_PC(), "fork", no_processes);
  const pid_t child = LAB_REAL(fork)();
  if (child != 0) current = me;
  return child;
}

// A function cannot stand in front of vfork, which returns twice on one stack; fork does all that it promises.
LAB_INTERPOSE pid_t vfork() noexcept {
  Thread* const me = current;
  set_current(nullptr);
  if (me && others_live()) unsupported(me, LAB_PC(), "vfork", no_processes);
  const pid_t child = LAB_REAL(fork)();
  if (child != 0) current = me;
  return child;
}

LAB_INTERPOSE int posix_spawn(pid_t* child, const char* path, const posix_spawn_file_actions_t* actions,
                              const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  Entry entry;
  if (entry && others_live()) unsupported(&entry.thread(), LAB_PC(), "posix_spawn", no_processes);
  return LAB_REAL(posix_spawn)(child, path, actions, attributes, arguments, environment);
}

LAB_INTERPOSE int posix_spawnp(pid_t* child, const char* file, const posix_spawn_file_actions_t* actions,
                               const posix_spawnattr_t* attributes, char* const arguments[],
                               char* const environment[]) {
  Entry entry;
  if (entry && others_live()) unsupported(&entry.thread(), LAB_PC(), "posix_spawnp", no_processes);
  return LAB_REAL(posix_spawnp)(child, file, actions, attributes, arguments, environment);
}

LAB_INTERPOSE int system(const char* command) {
  Entry entry;
  if (entry && others_live()) unsupported(&entry.thread(), LAB_PC(), "system", no_processes);
  return LAB_REAL(system)(command);
}

LAB_INTERPOSE FILE* popen(const char* command, const char* mode) {
  Entry entry;
  if (entry && others_live()) unsupported(&entry.thread(), LAB_PC(), "popen", no_processes);
  return LAB_REAL(popen)(command, mode);
}

LAB_INTERPOSE sem_t* sem_open(const char* name, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  const unsigned count = va_arg(list, unsigned);
  va_end(list);
  Entry entry;
  if (entry) unsupported(&entry.thread(), LAB_PC(), "sem_open", "named semaphores are shared with other processes");
  return LAB_REAL(sem_open)(name, flags, mode, count);
}

// The other mq_ functions need what this returns.
LAB_INTERPOSE mqd_t mq_open(const char* name, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  mq_attr* const attributes = va_arg(list, mq_attr*);
  va_end(list);
  Entry entry;
  if (entry) unsupported(&entry.thread(), LAB_PC(), "mq_open", "message queues are shared with other processes");
  return LAB_REAL(mq_open)(name, flags, mode, attributes);
}

// --- waiting for input ------------------------------------------------------------------------------------
// Without anything to wait for, these are old ways to sleep.

namespace {

void sleep_milliseconds(Thread& me, int milliseconds, Address pc) {
  sleep_until(me, from_now(static_cast<std::uint64_t>(milliseconds) * 1'000'000), pc);
}

}  // namespace

LAB_INTERPOSE int poll(pollfd* descriptors, nfds_t count, int timeout) {
  Entry entry;
  if (entry && count == 0 && timeout >= 0) return sleep_milliseconds(entry.thread(), timeout, LAB_PC()), 0;
  if (entry && others_live() && timeout != 0) unsupported(&entry.thread(), LAB_PC(), "poll", no_waiting);
  return LAB_REAL(poll)(descriptors, count, timeout);
}

LAB_INTERPOSE int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  Entry entry;
  if (entry && count == 0 && timeout) return sleep_until(entry.thread(), from_now(nanoseconds(*timeout)), LAB_PC()), 0;
  if (entry && others_live() && !(timeout && nanoseconds(*timeout) == 0))
    unsupported(&entry.thread(), LAB_PC(), "ppoll", no_waiting);
  return LAB_REAL(ppoll)(descriptors, count, timeout, mask);
}

LAB_INTERPOSE int select(int count, fd_set* reads, fd_set* writes, fd_set* exceptions, timeval* timeout) {
  Entry entry;
  if (entry && timeout && !reads && !writes && !exceptions) {
    const timespec duration = {timeout->tv_sec, timeout->tv_usec * 1000};
    return sleep_until(entry.thread(), from_now(nanoseconds(duration)), LAB_PC()), 0;
  }
  if (entry && others_live() && !(timeout && timeout->tv_sec == 0 && timeout->tv_usec == 0))
    unsupported(&entry.thread(), LAB_PC(), "select", no_waiting);
  return LAB_REAL(select)(count, reads, writes, exceptions, timeout);
}

LAB_INTERPOSE int pselect(int count, fd_set* reads, fd_set* writes, fd_set* exceptions, const timespec* timeout,
                          const sigset_t* mask) {
  Entry entry;
  if (entry && timeout && !reads && !writes && !exceptions)
    return sleep_until(entry.thread(), from_now(nanoseconds(*timeout)), LAB_PC()), 0;
  if (entry && others_live() && !(timeout && nanoseconds(*timeout) == 0))
    unsupported(&entry.thread(), LAB_PC(), "pselect", no_waiting);
  return LAB_REAL(pselect)(count, reads, writes, exceptions, timeout, mask);
}

LAB_INTERPOSE int epoll_wait(int descriptor, epoll_event* events, int count, int timeout) {
  Entry entry;
  if (entry && others_live() && timeout != 0) unsupported(&entry.thread(), LAB_PC(), "epoll_wait", no_waiting);
  return LAB_REAL(epoll_wait)(descriptor, events, count, timeout);
}

LAB_INTERPOSE int epoll_pwait(int descriptor, epoll_event* events, int count, int timeout, const sigset_t* mask) {
  Entry entry;
  if (entry && others_live() && timeout != 0) unsupported(&entry.thread(), LAB_PC(), "epoll_pwait", no_waiting);
  return LAB_REAL(epoll_pwait)(descriptor, events, count, timeout, mask);
}

}  // namespace lab::explorer::runtime
