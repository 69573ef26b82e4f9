// Runs the suite's programs in the sandbox, and receives their evidence by a channel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tools/exercises/runner.hpp"
#include "tools/grader/sandbox/sandbox.hpp"

namespace lab::grader {

// Not thread safe; the sandbox is.
class SandboxRunner final : public exercises::Runner {
public:
  // `shown` is what the programs may read. The salts are drawn from `seed`, another for each process.
  SandboxRunner(const Sandbox& sandbox, std::vector<std::filesystem::path> shown, std::uint64_t seed);

  exercises::Answer run(process::Command command) override;

private:
  const Sandbox& sandbox_;
  const std::vector<std::filesystem::path> shown_;
  std::uint64_t seed_;
};

}  // namespace lab::grader
