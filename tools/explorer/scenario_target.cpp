// A scenario: a function of this process, run in children of it.
#include <unistd.h>

#include <memory>

#include "tools/explorer/client.hpp"
#include "tools/explorer/runtime/run.hpp"
#include "tools/explorer/runtime/serve.hpp"
#include "tools/explorer/target.hpp"

namespace lab::explorer {
namespace {

// It ends at once, unless it was stopped or the machine is busy.
constexpr std::chrono::seconds patience{10};

void call_function(void* function) { (*static_cast<const std::function<void()>*>(function))(); }

class Isolated final : public Target {
public:
  explicit Isolated(const std::function<void()>& scenario) : exchange_(map_exchange(-1)) {
    const pid_t server = ::fork();
    if (server < 0) refuse("fork");
    if (server == 0) runtime::serve(*exchange_, call_function, const_cast<std::function<void()>*>(&scenario), true, {});
    client_ = std::make_unique<Client>(*exchange_, server);
  }

  void run() override { run(Order::run); }
  void run_fresh() override { run(Order::run_fresh); }
  void end() override {
    if (!client_->end(patience)) throw RunsEnded();
  }

  Exchange& exchange() override { return *exchange_; }

private:
  void run(Order kind) {
    if (!client_->run(kind)) throw RunsEnded();
  }

  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<Client> client_;
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
