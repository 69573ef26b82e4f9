#include "tools/explorer/client.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

constexpr std::chrono::microseconds between_polls{100};

long futex(std::uint32_t* word, int operation, std::uint32_t value, const timespec* timeout) {
  return ::syscall(SYS_futex, word, operation, value, timeout, nullptr, 0);
}

}  // namespace

bool Client::end(std::chrono::milliseconds patience) {
  if (server_ < 0) return false;
  give(Order::quit);
  int status = 0;
  pid_t ended = 0;
  for (auto polls = patience / between_polls; polls > 0 && (ended = ::waitpid(server_, &status, WNOHANG)) == 0; --polls)
    std::this_thread::sleep_for(between_polls);
  if (ended == 0) {
    ::kill(server_, SIGKILL);
    // However long the kernel takes to give its memory back: no defunct process is left to the caller.
    while ((ended = ::waitpid(server_, &status, 0)) < 0 && errno == EINTR) {
    }
  }
  const bool by_itself = ended == server_ && WIFEXITED(status);
  server_ = -1;
  return by_itself;
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
    if (!answered() && ::waitpid(server_, nullptr, WNOHANG) == server_) {
      server_ = -1;
      return false;
    }
  }
  judge_end(exchange_.log, exchange_.wait_status);
  return true;
}

}  // namespace lab::explorer
