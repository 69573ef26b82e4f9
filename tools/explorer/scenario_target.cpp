// A scenario: a function of this process, run in children of it.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "tools/explorer/runtime/run.hpp"
#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

void call_function(void* function) { (*static_cast<const std::function<void()>*>(function))(); }

class Isolated final : public Target {
public:
  explicit Isolated(const std::function<void()>& scenario) : scenario_(scenario), exchange_(map_exchange(-1)) {}

  void run() override {
    const pid_t child = ::fork();
    if (child < 0) refuse("fork");
    if (child == 0) {
      runtime::prepare();
      runtime::run(*exchange_, call_function, const_cast<std::function<void()>*>(&scenario_), true);
      ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    judge_end(exchange_->log, status);
  }

  Exchange& exchange() override { return *exchange_; }

private:
  const std::function<void()>& scenario_;
  std::shared_ptr<Exchange> exchange_;
};

class InProcess final : public Target {
public:
  explicit InProcess(const std::function<void()>& scenario) : scenario_(scenario), exchange_(map_exchange(-1)) {
    runtime::prepare();
  }

  void run() override { runtime::run(*exchange_, call_function, const_cast<std::function<void()>*>(&scenario_), true); }

  Exchange& exchange() override { return *exchange_; }

private:
  const std::function<void()>& scenario_;
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace

std::unique_ptr<Target> isolated(const std::function<void()>& scenario) { return std::make_unique<Isolated>(scenario); }
std::unique_ptr<Target> in_process(const std::function<void()>& scenario) {
  return std::make_unique<InProcess>(scenario);
}

}  // namespace lab::explorer
