#include "tests/grader/sandbox/support.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>

namespace lab::grader::test {

namespace fs = std::filesystem;

namespace {

// Asked of the system and not of what is tested: whose failure is not to be taken for the machine's.
bool can_have(Tier tier) {
  if (tier == Tier::own_user) return ::geteuid() == 0;
  process::Command command{.words = {"bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"}};
  static const bool can = process::run(command).ok();
  return can;
}

std::vector<Tier> possible_tiers() {
  std::vector<Tier> tiers;
  for (const Tier tier : {Tier::namespaces, Tier::own_user})
    if (can_have(tier)) tiers.push_back(tier);
  if (tiers.empty()) SKIP("this machine makes no namespaces, and this user can't give accounts");
  return tiers;
}

}  // namespace

Tier each_tier() {
  const Tier tier = GENERATE(from_range(possible_tiers()));
  UNSCOPED_INFO("tier " << static_cast<int>(tier));
  return tier;
}

Sandbox open_sandbox(Tier tier, Sandbox::Options options) {
  options.confine = CONFINE;
  options.namespaces = tier == Tier::namespaces;
  options.own_user = tier == Tier::own_user;
  if (!can_have(tier)) SKIP("this machine, or this user, has no sandbox of tier " << static_cast<int>(tier));
  auto opened = Sandbox::open(options);
  if (!opened) FAIL(opened.error());
  return std::move(*opened);
}

const Sandbox& sandbox_of(Tier tier) {
  static std::map<Tier, Sandbox> opened;
  auto at = opened.find(tier);
  if (at == opened.end()) at = opened.emplace(tier, open_sandbox(tier)).first;
  return at->second;
}

Job probe(const std::vector<std::string>& arguments) {
  Job job{.words = {PROBE}};
  job.words.insert(job.words.end(), arguments.begin(), arguments.end());
  job.bounds.wall = 30s;
  job.bounds.cpu = 10s;
  job.bounds.memory_max = std::size_t{64} << 20;
  job.bounds.output_max = 10'000;
  job.bounds.file_max = 1 << 20;
  job.bounds.processes_max = 20;
  return job;
}

OpenFolder::OpenFolder() { fs::permissions(path(), fs::perms(0755)); }

fs::path OpenFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path() / name) << text;
  return path() / name;
}

fs::path OpenFolder::folder(const std::string& name) const {
  fs::create_directory(path() / name);
  return path() / name;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_running(const std::string& word) {
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc"))
    if (entry.path().filename().string() != std::to_string(::getpid()) &&
        text_of(entry.path() / "cmdline").find(word) != std::string::npos) {
      return true;
    }
  return false;
}

}  // namespace lab::grader::test
