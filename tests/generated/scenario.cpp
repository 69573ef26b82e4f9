#include "tests/generated/scenario.hpp"

#include <thread>
#include <vector>

#include "tests/generated/perform.hpp"

namespace lab::generated {
namespace {

void carry_out(Stage& stage, Record& record, int first_event, const std::vector<Operation>& operations) {
  int event = first_event;
  for (const Operation& operation : operations) {
    record.call(event);
    record.end(event, stage.perform(operation));
    ++event;
  }
}

}  // namespace

void run(const Program& program, const History& start, Record& record) {
  record.begin_run(start);
  Stage stage(program);
  std::vector<std::thread> threads;
  threads.reserve(program.threads.size());
  int event = 0;
  for (const std::vector<Operation>& operations : program.threads) {
    threads.emplace_back([&, event] { carry_out(stage, record, event, operations); });
    event += static_cast<int>(operations.size());
  }
  for (std::thread& thread : threads) thread.join();
  for (; event < start.size; ++event) {
    record.call(event);
    record.end(event, stage.perform(start.events[event].operation));
  }
}

}  // namespace lab::generated
