#include "tools/explorer/client.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

long futex(std::uint32_t* word, int operation, std::uint32_t value, const timespec* timeout) {
  return ::syscall(SYS_futex, word, operation, value, timeout, nullptr, 0);
}

}  // namespace

Client::~Client() {
  give(Order::quit);
  // It quits at once unless it is none of ours.
  for (int i = 0; i < 1000 && ::waitpid(server_, nullptr, WNOHANG) == 0; ++i) {
    if (i == 500) ::kill(server_, SIGKILL);
    ::usleep(100);
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
