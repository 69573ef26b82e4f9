#include "tools/grader/sandbox/commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <utility>

namespace lab::grader {
namespace {

namespace fs = std::filesystem;

constexpr int first_passed = 3;
constexpr std::size_t smallest_tmpfs = 4096;  // a size of 0 would be none
constexpr const char* confine_inside = "/run/confine";

// What programs of the system need beside /usr: the linker's table, and what a compiler's driver asks about the system.
constexpr const char* system_files[] = {"/etc/alternatives", "/etc/ld.so.cache",    "/etc/ld.so.conf", "/etc/localtime",
                                        "/etc/os-release",   "/etc/debian_version", "/etc/lsb-release"};

// The first path that the job names and that is not there; empty: all are.
std::string missing_for(const Job& job) {
  std::vector<fs::path> all = job.shown;
  all.emplace_back(job.words.empty() ? "" : job.words.front());
  if (!job.writable.empty()) all.push_back(job.writable);
  std::error_code none;
  for (const fs::path& path : all)
    if (!fs::exists(path, none)) return path.empty() ? "a program" : path.string();
  return {};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

tl::expected<JobCommand, std::string> JobCommand::of(const Job& job, const Sandbox::Options& options,
                                                     const Around& around) {
  if (std::string missing = missing_for(job); !missing.empty()) {
    return tl::unexpected(fmt::format("{}, which the job needs, is not there", missing));
  }
  JobCommand made;
  made.passed_ = {job.channel, around.record};
  if (around.tier == Tier::namespaces) {
    auto added = made.add_namespaces(job, options, around);
    if (!added) return tl::unexpected(std::move(added.error()));
    made.words_.emplace_back(confine_inside);
  } else {
    made.words_.push_back(options.confine.string());
  }
  made.add_plan(job, options, around);
  return made;
}

JobCommand::~JobCommand() {
  for (const int file : opened_) ::close(file);
}

JobCommand::JobCommand(JobCommand&& from) noexcept
    : words_(std::move(from.words_)), passed_(std::move(from.passed_)), opened_(std::exchange(from.opened_, {})) {}

process::Command JobCommand::command() const {
  process::Command command{.words = words_, .folder = "/", .environment = {system_path}};
  command.passed = passed_;
  command.secluded = true;
  return command;
}

tl::expected<std::string, std::string> JobCommand::open(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return tl::unexpected(fmt::format("the sandbox's {} can't be read: {}", path.string(), std::strerror(errno)));
  }
  opened_.push_back(file);
  passed_.push_back(file);
  return std::to_string(first_passed + static_cast<int>(passed_.size()) - 1);
}

tl::expected<void, std::string> JobCommand::add_namespaces(const Job& job, const Sandbox::Options& options,
                                                           const Around& around) {
  const auto add = [&](std::initializer_list<std::string> more) { words_.insert(words_.end(), more); };
  const auto bind = [&](const char* how, const fs::path& path) { add({how, path.string(), path.string()}); };

  if (around.account != 0) add({options.confine.string(), "as", std::to_string(around.account)});
  add({"bwrap", "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"});
  add({"--unshare-cgroup-try", "--hostname", "sandbox", "--die-with-parent", "--as-pid-1", "--chdir", "/"});

  add({"--ro-bind", "/usr", "/usr"});
  for (const char* const name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code none;
    if (fs::is_symlink(name, none)) {
      add({"--symlink", fs::read_symlink(name, none).string(), name});
    } else {
      add({"--ro-bind-try", name, name});
    }
  }
  for (const char* const name : system_files) add({"--ro-bind-try", name, name});
  add({"--proc", "/proc", "--dev", "/dev", "--size", std::to_string(std::max(job.bounds.file_max, smallest_tmpfs)),
       "--tmpfs", "/tmp"});
  // A copy: the job's account need not be able to go all the way to it.
  const auto confine = open(options.confine);
  if (!confine) return tl::unexpected(confine.error());
  add({"--perms", "0755", "--ro-bind-data", *confine, confine_inside});

  // What is below /usr is there already, and can't be added to.
  if (!is_below(job.words.front(), "/usr")) bind("--ro-bind", job.words.front());
  for (const fs::path& path : job.shown)
    if (!is_below(path, "/usr")) bind("--ro-bind", path);
  if (!job.writable.empty()) bind("--bind", job.writable);

  add({"--remount-ro", "/dev", "--remount-ro", "/", "--"});
  return {};
}

void JobCommand::add_plan(const Job& job, const Sandbox::Options& options, const Around& around) {
  const auto add = [&](const std::string& name, const std::string& value) { words_.push_back(name + "=" + value); };
  const auto flag = [&](const std::string& name, bool value) { add(name, value ? "1" : "0"); };
  const bool own_view = around.tier == Tier::own_user;
  const std::string temporary = own_view ? around.private_folder.string() : "/tmp";

  words_.emplace_back("job");
  add("status", std::to_string(first_passed + 1));
  flag("channel", job.channel >= 0);
  if (own_view) add("account", std::to_string(around.account));
  add("folder", job.writable.empty() ? temporary : job.writable.string());
  add("cpu", std::to_string(job.bounds.cpu.count()));
  add("file_max", std::to_string(job.bounds.file_max));
  add("processes_max", std::to_string(job.bounds.processes_max));
  flag("compiler", job.kind == Job::Kind::compiler);
  flag("personality", options.personality);
  flag("landlock", options.landlock);
  flag("own_view", own_view);
  if (own_view) {
    for (const fs::path& path : job.shown) add("read", path.string());
    if (!job.writable.empty()) add("write", job.writable.string());
    add("write", temporary);
  }
  add("env", system_path);
  add("env", "LANG=C.UTF-8");
  add("env", "TMPDIR=" + temporary);
  for (const std::string& entry : job.environment) add("env", entry);
  words_.emplace_back("--");
  words_.insert(words_.end(), job.words.begin(), job.words.end());
}

}  // namespace lab::grader
