#include "tools/grader/judging/sandbox_runner.hpp"

#include <fmt/format.h>

#include <random>

#include "tools/exercises/channel.hpp"

namespace lab::grader {
namespace {

// The suite's claims have ten threads at most, and the explorer and the sanitizers a few processes more. A bomb of so
// many leaves the machine to others.
constexpr unsigned processes_max = 48;

// Nobody who has not seen it can guess it.
std::string new_token() {
  std::random_device system;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", system(), system(), system(), system());
}

// Of one length, so that a run allocates the same whatever is drawn; it begins with what no key has.
std::string salt_of(std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  return fmt::format("!{:016x}", draw());
}

}  // namespace

SandboxRunner::SandboxRunner(const Sandbox& sandbox, std::vector<std::filesystem::path> shown, std::uint64_t seed)
    : sandbox_(sandbox), shown_(std::move(shown)), seed_(seed) {}

exercises::Answer SandboxRunner::run(process::Command command) {
  const exercises::Channel channel({new_token(), salt_of(seed_++)});
  Job job;
  job.words = std::move(command.words);
  job.words.insert(job.words.end(), {"--evidence", "fd:3"});
  job.shown = shown_;
  job.environment = std::move(command.environment);
  job.channel = channel.descriptor();
  job.bounds.wall = command.limit;
  job.bounds.cpu = std::chrono::duration_cast<std::chrono::seconds>(2 * command.limit) + std::chrono::seconds(1);
  job.bounds.output_max = command.output_max;
  job.bounds.processes_max = processes_max;
  job.unwanted = command.unwanted;
  Ended ended = sandbox_.run(job);

  exercises::Answer answer;
  answer.ran = std::move(ended.ran);
  if (ended.sandbox_broken) {
    answer.unjudged = ended.why;
    return answer;
  }
  if (ended.over_memory) answer.stopped = ended.why;
  auto received = channel.receive();
  if (!received) {
    answer.stopped = received.error();
    return answer;
  }
  answer.begun = received->begun;
  answer.evidence = std::move(received->evidence);
  return answer;
}

}  // namespace lab::grader
