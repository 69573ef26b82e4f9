// The command that runs a job, of either tier.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/grader/sandbox/sandbox.hpp"

namespace lab::grader {

// What every job has as PATH, and where bubblewrap is looked for.
inline constexpr const char* system_path = "PATH=/usr/local/bin:/usr/bin:/bin";

// The words of a command, and the descriptors that go with it, which end with this object.
class JobCommand {
public:
  struct Around {
    Tier tier;
    uid_t account;                         // 0: not root, the job stays this user
    int record;                            // descriptor of the Record
    std::filesystem::path private_folder;  // tier 2's stand-in for a /tmp of its own
  };

  // The error is a sentence: a path that the job names is not there.
  static tl::expected<JobCommand, std::string> of(const Job& job, const Sandbox::Options& options,
                                                  const Around& around);

  ~JobCommand();
  JobCommand(JobCommand&& from) noexcept;
  JobCommand& operator=(JobCommand&&) = delete;

  // Refers to this object's descriptors, so it is for the time of this object.
  process::Command command() const;

private:
  JobCommand() = default;
  tl::expected<std::string, std::string> open(const std::filesystem::path& path);
  tl::expected<void, std::string> add_namespaces(const Job& job, const Sandbox::Options& options, const Around& around);
  void add_plan(const Job& job, const Sandbox::Options& options, const Around& around);

  std::vector<std::string> words_;
  std::vector<int> passed_;
  std::vector<int> opened_;
};

}  // namespace lab::grader
