// Running programs that are not trusted: what a student wrote, and the compiler that reads it. Such a program has no
// network, sees the files that it is shown, writes to one folder, has bounds on all it can use up, and is gone when
// run() returns, with everything that it started.
//
// The same promises are kept in one of two ways:
//
//   tier 1  namespaces    bubblewrap (Debian's package `bubblewrap`, 0.8 or later) makes a view of its own of files,
//                         processes and network; works for root and for most other users
//   tier 2  own_user      as root in a container that refuses namespaces: an account of its own, Landlock if the kernel
//                         has it, and limits. What it lacks beside tier 1 says Sandbox::lacks()
//
// Both filter system calls (confine/filter.hpp). As root, each job that runs has an account of its own, so that its
// limits and its kills concern nobody else.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::grader {

enum class Tier { namespaces = 1, own_user = 2 };

// All of them hold for a job as a whole, but `cpu` and `file_max`. They are set before its first instruction.
struct Bounds {
  std::chrono::milliseconds wall = std::chrono::minutes(2);  // then it is killed: Ran::over_time
  std::chrono::seconds cpu = std::chrono::minutes(2);        // of each of its processes; then SIGXCPU, or SIGKILL
  std::size_t memory_max = std::size_t{2} << 30;  // resident bytes at two looks, about 50 ms apart: Ended::over_memory
  std::size_t output_max = 1 << 20;               // bytes of both streams that are kept: Ran::output_cut
  std::size_t file_max = std::size_t{256} << 20;  // bytes of each file, then SIGXFSZ; in tier 1 also of all of /tmp
  unsigned processes_max = 256;                   // processes and threads together, give or take two; more are refused
};

struct Job {
  // A compiler may start any program of the system. A program may start itself again (as ThreadSanitizer does) and
  // llvm-symbolizer, and no other; without Landlock it may start what it sees, which helps it to nothing.
  enum class Kind { compiler, program };

  std::vector<std::string> words = {};  // the program's absolute path, and its arguments
  // Files and folders that it may read, at the same paths, besides the program itself and the system's /usr. As root,
  // all of them, the program and `writable` are reached with the rights of the job's account: everybody has to be able
  // to pass the folders on the way (0711). Without Landlock, in tier 2, it may read whatever everybody may: what it
  // must not see has to be root's alone.
  std::vector<std::filesystem::path> shown = {};
  // The one folder that it may write, and starts in. As root it belongs to the job's account while that runs, with all
  // that is in it, and to root again afterwards: no two jobs at once have the same. What it leaves there may be links
  // to anywhere. Empty: only a private /tmp (in tier 2 a private folder named by TMPDIR), in which it then starts, and
  // which is gone afterwards.
  std::filesystem::path writable = {};
  // "NAME=value"; all of its environment besides PATH, LANG and TMPDIR, which it may replace.
  std::vector<std::string> environment = {};
  int channel = -1;  // an open file, a memfd say, that is its descriptor 3; the caller's own to close. -1: it has none
  Kind kind = Kind::program;
  Bounds bounds = {};
  std::function<bool()> unwanted = {};  // asked every 20 ms or so; true: it is killed, Ran::cancelled
};

struct Ended {
  // As process::run() tells it, of the program itself: its status, or the signal that killed it if none of the bounds
  // that this process watches did. `cpu_seconds` are those of all its processes that were waited for.
  process::Ran ran;
  bool over_memory = false;     // it was killed for that; then it is neither over_time nor cancelled
  bool sandbox_broken = false;  // not the program's doing: it did not start, or something of it may be left
  std::string why;              // of over_memory and sandbox_broken, a sentence; else empty
};

// Thread safe: several jobs at once, each with an account of its own, up to Options::accounts as root.
class Sandbox {
public:
  struct Options {
    std::filesystem::path confine = {};  // the program of that name that was built beside this library
    bool namespaces = true;              // false: tier 1 is not tried
    bool own_user = true;                // false: tier 2 is not tried
    bool landlock = true;                // false: as if the kernel had none
    bool personality = true;             // false: address randomisation can't be turned off by the jobs
    uid_t first_account = 64000;  // as root, jobs run as this user and group, or one of the next; nobody's otherwise
    unsigned accounts = 64;       // how many; run() waits while all are taken, by this process or another
  };

  // Tries the tiers with a job that does nothing. The error is a sentence: which tier fails for what, and what to do.
  static tl::expected<Sandbox, std::string> open(const Options& options);

  ~Sandbox();
  Sandbox(Sandbox&&) noexcept;
  Sandbox& operator=(Sandbox&&) noexcept;

  Tier tier() const;

  // What this machine's sandbox can't do beside a whole one, in sentences for the instructor; empty if there is
  // nothing.
  std::vector<std::string> lacks() const;

  // Runs the job to its end. Throws nothing: what the machine refuses is a broken sandbox, with its reason.
  Ended run(const Job& job) const;

private:
  struct Implementation;
  explicit Sandbox(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace lab::grader
