// A whole program: started once as a server (runtime/server.cpp) that forks itself for each run.
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

// A file descriptor that is closed with its owner.
class Descriptor {
public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

private:
  int value_;
};

int memory_file(const char* name, unsigned flags) {
  const int file = ::memfd_create(name, flags);
  if (file < 0) refuse("memfd_create");
  return file;
}

long futex(std::uint32_t* word, int operation, std::uint32_t value, const timespec* timeout) {
  return ::syscall(SYS_futex, word, operation, value, timeout, nullptr, 0);
}

class Whole final : public Target {
public:
  explicit Whole(const Program& program)
      : memory_(memory_file("exchange", 0)), input_(memory_file("input", 0)), output_(memory_file("output", 0)) {
    if (::ftruncate(memory_.get(), sizeof(Exchange)) != 0) refuse("ftruncate");
    exchange_ = map_exchange(memory_.get());
    write_input(program.input);
    // What several processes and threads print is one text.
    ::fcntl(output_.get(), F_SETFL, O_APPEND);
    start(program);
  }

  ~Whole() override {
    exchange_->kind = Order::quit;
    give_order();
    // It quits at once unless it is not one of ours.
    for (int i = 0; i < 100 && ::waitpid(server_, nullptr, WNOHANG) == 0; ++i) {
      if (i == 50) ::kill(server_, SIGKILL);
      ::usleep(1000);
    }
  }

  void run() override { run(Order::run); }
  void run_fresh() override { run(Order::run_fresh); }

  void run(Order kind) {
    if (::ftruncate(output_.get(), 0) != 0) refuse("ftruncate");
    static_cast<Outcome&>(exchange_->log) = Outcome{};
    exchange_->kind = kind;
    give_order();
    while (__atomic_load_n(&exchange_->answer, __ATOMIC_SEQ_CST) != orders_) {
      const timespec second{1, 0};
      futex(&exchange_->answer, FUTEX_WAIT, orders_ - 1, &second);
      int status;
      if (__atomic_load_n(&exchange_->answer, __ATOMIC_SEQ_CST) != orders_ &&
          ::waitpid(server_, &status, WNOHANG) == server_)
        throw std::invalid_argument("it does not wait for the explorer: was it linked by ./lab cc or ./lab cxx?");
    }
    judge_end(exchange_->log, exchange_->wait_status);
  }

  Exchange& exchange() override { return *exchange_; }

  std::string output() override {
    std::string text;
    char buffer[4096];
    off_t at = 0;
    // A program may print without end; what matters is at the beginning.
    constexpr std::size_t most = 1 << 20;
    for (ssize_t n; text.size() < most && (n = ::pread(output_.get(), buffer, sizeof buffer, at)) > 0; at += n)
      text.append(buffer, static_cast<std::size_t>(n));
    return text;
  }

  int exit_status() override { return WIFEXITED(exchange_->wait_status) ? WEXITSTATUS(exchange_->wait_status) : 0; }

private:
  void write_input(const std::string& text) {
    if (::pwrite(input_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) refuse("pwrite");
  }

  void give_order() {
    ++orders_;
    __atomic_store_n(&exchange_->order, orders_, __ATOMIC_SEQ_CST);
    futex(&exchange_->order, FUTEX_WAKE, 1, nullptr);
  }

  void start(const Program& program) {
    std::vector<char*> words{const_cast<char*>(program.path.c_str())};
    for (const std::string& argument : program.arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    char exchange[64];
    std::snprintf(exchange, sizeof exchange, "%s=%d,%d,%d", exchange_variable, memory_.get(), input_.get(),
                  output_.get());
    server_ = ::fork();
    if (server_ < 0) refuse("fork");
    if (server_ == 0) {
      // The same addresses in each exploration, for programs that let an address decide something.
      ::personality(static_cast<unsigned long>(::personality(0xffffffff)) | ADDR_NO_RANDOMIZE);
      ::putenv(exchange);
      // All symbols are looked up once, and not anew in each run.
      ::setenv("LD_BIND_NOW", "1", 1);
      ::execv(words[0], words.data());
      ::_exit(127);
    }
  }

  Descriptor memory_, input_, output_;
  std::shared_ptr<Exchange> exchange_;
  pid_t server_ = -1;
  std::uint32_t orders_ = 0;
};

}  // namespace

std::unique_ptr<Target> whole(const Program& program) { return std::make_unique<Whole>(program); }

}  // namespace lab::explorer
