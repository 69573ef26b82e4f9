#include "tools/explorer/client.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

// A program that is none of ours is given a tenth of a second to end by itself.
constexpr int patience_polls = 1000;
constexpr useconds_t poll_us = 100;

long futex(std::uint32_t* word, int operation, std::uint32_t value, const timespec* timeout) {
  return ::syscall(SYS_futex, word, operation, value, timeout, nullptr, 0);
}

}  // namespace

Client::~Client() {
  give(Order::quit);
  // It quits at once unless it is none of ours, or the machine is busy.
  for (int i = 0; i < patience_polls; ++i) {
    if (::waitpid(server_, nullptr, WNOHANG) != 0) return;  // it has ended, or had been waited for
    ::usleep(poll_us);
  }
  ::kill(server_, SIGKILL);
  // However long the kernel takes to give its memory back: no defunct process is left to the caller.
  while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Client::give(Order kind) {
  exchange_.kind = kind;
  __atomic_store_n(&exchange_.order, ++orders_, __ATOMIC_SEQ_CST);
  futex(&exchange_.order, FUTEX_WAKE, 1, nullptr);
}

bool Client::run(Order kind) {
  static_cast<Outcome&>(exchange_.log) = Outcome{};
  give(kind);
  const auto answered = [&] { return __atomic_load_n(&exchange_.answer, __ATOMIC_SEQ_CST) == orders_; };
  while (!answered()) {
    const timespec second{1, 0};
    futex(&exchange_.answer, FUTEX_WAIT, orders_ - 1, &second);
    if (!answered() && ::waitpid(server_, nullptr, WNOHANG) == server_) return false;
  }
  judge_end(exchange_.log, exchange_.wait_status);
  return true;
}

}  // namespace lab::explorer
