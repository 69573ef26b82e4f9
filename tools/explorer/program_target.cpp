// A whole program, started once as a server of runs (runtime/whole_program.cpp).
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tools/explorer/client.hpp"
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

  void run() override { run(Order::run); }
  void run_fresh() override { run(Order::run_fresh); }

  void run(Order kind) {
    if (::ftruncate(output_.get(), 0) != 0) refuse("ftruncate");
    if (!client_->run(kind))
      throw std::invalid_argument("it does not wait for the explorer: was it linked by ./lab cc or ./lab cxx?");
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

  void start(const Program& program) {
    std::vector<char*> words{const_cast<char*>(program.path.c_str())};
    for (const std::string& argument : program.arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    char exchange[64];
    std::snprintf(exchange, sizeof exchange, "%s=%d,%d,%d", exchange_variable, memory_.get(), input_.get(),
                  output_.get());
    const pid_t server = ::fork();
    if (server < 0) refuse("fork");
    if (server == 0) {
      // The same addresses in each exploration, for programs that let an address decide something.
      ::personality(static_cast<unsigned long>(::personality(0xffffffff)) | ADDR_NO_RANDOMIZE);
      ::putenv(exchange);
      // All symbols are looked up once, and not anew in each run.
      ::setenv("LD_BIND_NOW", "1", 1);
      ::execv(words[0], words.data());
      ::_exit(127);
    }
    client_ = std::make_unique<Client>(*exchange_, server);
  }

  Descriptor memory_, input_, output_;
  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<Client> client_;
};

}  // namespace

std::unique_ptr<Target> whole(const Program& program) { return std::make_unique<Whole>(program); }

}  // namespace lab::explorer
