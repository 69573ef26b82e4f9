#include "tools/process/file_lock.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

#include "tools/process/folder.hpp"

using lab::process::FileLock;
using lab::process::Folder;
using Afterwards = lab::process::FileLock::Afterwards;

TEST_CASE("a lock has one owner at a time, whether its file stays or goes", "[process]") {
  for (const Afterwards afterwards : {Afterwards::stays, Afterwards::goes}) {
    const Folder folder("lab-lock");
    const auto file = folder.path() / "lock";
    std::atomic<int> owners{0}, together{0}, had{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 250; ++round) {
          const FileLock lock(file, afterwards);
          if (owners.fetch_add(1) != 0) together.fetch_add(1);
          had.fetch_add(1);
          owners.fetch_sub(1);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(together == 0);
    CHECK(had == 2000);
    CHECK(std::filesystem::exists(file) == (afterwards == Afterwards::stays));
  }
}

TEST_CASE("where the file can't be made nothing is locked, and nothing waits", "[process]") {
  const FileLock one("/nowhere/lock", Afterwards::goes), other("/nowhere/lock", Afterwards::goes);
  CHECK_FALSE(std::filesystem::exists("/nowhere"));
}
