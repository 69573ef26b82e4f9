// The process that is killed.
#pragma once

#include <filesystem>
#include <optional>

#include "common/values.hpp"

namespace lab::test {

inline constexpr int crash_threads = 2;

// Where the process ends itself, by SIGKILL: at its n-th call to the database that writes, before the call reaches
// SQLite or after it has returned. None: it goes on until somebody else does.
struct KillPoint {
  int call = 0;
  bool before = true;
};

// Works on the sessions of the database for ever, on crash_threads threads, with operations drawn from `seed`;
// writes the journal to `journal`.
[[noreturn]] void work_until_killed(const std::filesystem::path& database, unsigned seed, int journal,
                                    std::optional<KillPoint> kill_point);

}  // namespace lab::test
