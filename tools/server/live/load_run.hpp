// One run of the load at a time: the program over buggy and the one over fixed, beside each other, and an event for
// each thing that becomes of them.
//
//   kind      data
//   started   { "seconds", "operations_per_second", "threads" }
//   sample    { "program", what load/main.cpp prints, "says": of this program, "verdict": of both }
//   ended     { "program", "how": "time | stopped | crashed | failed", "text" }
//   finished  { "verdict" }: both programs have ended
//
// A stream begins with one more, `state`, { "log", "running" }: which server it is, and whether a load runs.
//
// A program that dies ends alone: the other goes on. Each is told to end by SIGTERM, and killed if it has not after a
// while; both end when this process does.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include <tl/expected.hpp>

#include "common/mutex.hpp"
#include "tools/process/process.hpp"
#include "tools/server/live/event_log.hpp"
#include "tools/server/live/limits.hpp"

namespace lab::live {

struct Programs {
  std::filesystem::path buggy = {};
  std::filesystem::path fixed = {};
};

// Thread safety: every member may be called by any number of threads at once. The destructor ends a run and waits for
// it.
class LoadRun {
public:
  // `log` must outlive this. A program has `grace` to end after it was told to; one that works does so within a batch.
  LoadRun(Programs programs, EventLog& log, std::chrono::milliseconds grace = std::chrono::seconds(2));
  ~LoadRun();
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;

  // Returns once both programs are on their way. Refuses while a run is under way, and changes nothing then.
  tl::expected<void, std::string> start(const LoadRequest& request) LAB_EXCLUDES(mutex_);

  // Tells the programs to end, and does not wait; no effect where none run.
  void stop() { stopping_ = true; }

  // { "running", "load", "programs": { NAME: { "state", "text", "sample" } }, "verdict" }
  nlohmann::json state() LAB_EXCLUDES(mutex_);

private:
  struct Program {
    std::string name;
    std::filesystem::path path;
    std::string state = "not started";  // then "running", and what the event `ended` says
    std::string text = {};
    nlohmann::json sample = {};
  };

  void run(std::size_t which, const LoadRequest& request) LAB_EXCLUDES(mutex_);
  void take(std::size_t which, const std::string& line, std::string& said_last) LAB_EXCLUDES(mutex_);
  void note_end(std::size_t which, const std::string& how, const std::string& text) LAB_EXCLUDES(mutex_);
  std::string verdict() const LAB_REQUIRES(mutex_);
  void join() LAB_REQUIRES(control_mutex_);

  EventLog& log_;
  const std::chrono::milliseconds grace_;
  std::atomic<bool> stopping_{false};

  Mutex control_mutex_;  // before mutex_: held while threads begin, and while they are waited for
  std::array<std::thread, 2> threads_ LAB_GUARDED_BY(control_mutex_);

  Mutex mutex_;  // also held while an event is appended, so that events come in the order of what they tell of
  std::array<Program, 2> programs_ LAB_GUARDED_BY(mutex_);
  LoadRequest request_ LAB_GUARDED_BY(mutex_);
  std::size_t running_ LAB_GUARDED_BY(mutex_) = 0;
};

}  // namespace lab::live
