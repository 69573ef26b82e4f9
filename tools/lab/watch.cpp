// libuv's loop hears of files, of the interrupt key and of checks that have ended; a check runs on a thread of its own
// and is told that it is unwanted by an atomic flag.
#include <fmt/format.h>
#include <unistd.h>
#include <uv.h>

#include <atomic>
#include <map>
#include <thread>

#include "tools/lab/complain.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/files.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

namespace fs = std::filesystem;

namespace {

// An editor that replaces a file moves and writes within a few milliseconds; what is promised is a run within 200.
constexpr std::uint64_t settle_ms = 50;
// Where the folder is on a disk that tells nothing (some network file systems), and where it was replaced as a whole.
constexpr std::uint64_t look_anyway_ms = 1000;

class Watching {
public:
  Watching(const Context& context, const CheckOptions& options)
      : context_(context), options_(options), workspace_(context) {
    options_.unwanted = [this] { return unwanted_.load(); };
  }

  Status run() {
    ::uv_loop_init(&loop_);
    init(events_, ::uv_fs_event_init);
    init(settle_, ::uv_timer_init);
    init(look_, ::uv_timer_init);
    init(interrupt_, ::uv_signal_init);
    init(terminate_, ::uv_signal_init);
    init(hang_up_, ::uv_signal_init);
    ended_.data = this;
    ::uv_async_init(&loop_, &ended_, [](uv_async_t* handle) { self(handle).on_ended(); });
    ::uv_signal_start(&interrupt_, on_signal, SIGINT);
    ::uv_signal_start(&terminate_, on_signal, SIGTERM);
    ::uv_signal_start(&hang_up_, on_signal, SIGHUP);
    ::uv_timer_start(
        &look_, [](uv_timer_t* handle) { self(handle).look(); }, look_anyway_ms, look_anyway_ms);
    watch_folder();
    begin();
    ::uv_run(&loop_, UV_RUN_DEFAULT);
    if (check_.joinable()) check_.join();
    ::uv_loop_close(&loop_);
    return status_;
  }

private:
  template <class Handle, class Make>
  void init(Handle& handle, Make make) {
    make(&loop_, &handle);
    handle.data = this;
  }
  template <class Handle>
  static Watching& self(Handle* handle) {
    return *static_cast<Watching*>(handle->data);
  }
  static void on_signal(uv_signal_t* handle, int) { self(handle).stop(); }

  // The folder and not the files: an editor that writes a new file and renames it leaves a watch on the old one.
  void watch_folder() {
    ::uv_fs_event_stop(&events_);
    ::uv_fs_event_start(
        &events_, [](uv_fs_event_t* handle, const char*, int, int) { self(handle).look(); }, workspace_.work().c_str(),
        0);
    inode_ = inode();
  }

  std::uint64_t inode() const {
    uv_fs_t request;
    const int error = ::uv_fs_stat(nullptr, &request, workspace_.work().c_str(), nullptr);
    const std::uint64_t number = error == 0 ? request.statbuf.st_ino : 0;
    ::uv_fs_req_cleanup(&request);
    return number;
  }

  // What of the copy counts: its sources, by content, so that a file that was touched starts nothing.
  std::map<std::string, std::string> sources() const {
    std::map<std::string, std::string> all;
    std::error_code error;
    for (fs::directory_iterator at(workspace_.work(), error), end; !error && at != end; at.increment(error)) {
      const std::string extension = at->path().extension().string();
      if (extension != ".cpp" && extension != ".hpp" && extension != ".h") continue;
      all[at->path().filename().string()] = read_input(at->path()).value_or("");
    }
    return all;
  }

  void look() {
    if (inode() != inode_) watch_folder();  // another folder stands there
    if (sources() != seen_)
      ::uv_timer_start(
          &settle_, [](uv_timer_t* handle) { self(handle).begin(); }, settle_ms, 0);
  }

  void begin() {
    if (running_) {
      unwanted_ = true;  // on_ended() begins the next
      return;
    }
    ::uv_timer_stop(&settle_);  // what it waits for is in this check, and must not give it up
    seen_ = sources();
    running_ = true;
    unwanted_ = false;
    if (check_.joinable()) check_.join();
    if (::isatty(STDOUT_FILENO) != 0) fmt::print("\x1b[2J\x1b[3J\x1b[H");
    fmt::print("checking {} ...\n\n", Workspace::shown(workspace_.work()));
    std::fflush(stdout);
    check_ = std::thread([this] {
      try {
        status_ = check(context_, options_);
      } catch (const std::exception& error) {
        fmt::print(stderr, "lab: {}\n", error.what());
        status_ = could_not_judge;
      }
      ::uv_async_send(&ended_);
    });
  }

  void on_ended() {
    running_ = false;
    if (stopping_) return close();
    if (unwanted_ || sources() != seen_) return begin();
    fmt::print("\nwatching {}; Ctrl-C ends it\n", Workspace::shown(workspace_.work()));
    std::fflush(stdout);
  }

  void stop() {
    stopping_ = true;
    unwanted_ = true;
    if (!running_) close();
  }

  void close() {
    ::uv_walk(
        &loop_,
        [](uv_handle_t* handle, void*) {
          if (::uv_is_closing(handle) == 0) ::uv_close(handle, nullptr);
        },
        nullptr);
  }

  const Context& context_;
  CheckOptions options_;
  const Workspace workspace_;
  uv_loop_t loop_{};
  uv_fs_event_t events_{};
  uv_timer_t settle_{}, look_{};
  uv_signal_t interrupt_{}, terminate_{}, hang_up_{};
  uv_async_t ended_{};
  std::uint64_t inode_ = 0;
  std::map<std::string, std::string> seen_;
  std::thread check_;
  Status status_ = passed;  // of the last check; written by it, read once it has ended
  std::atomic<bool> unwanted_{false};
  bool running_ = false, stopping_ = false;
};

}  // namespace

Status watch(const Context& context, const CheckOptions& options) {
  const Workspace workspace(context);
  // What no save can mend is said at once, and ends it.
  const auto index = workspace.index();
  if (!index) return complain(could_not_judge, index.error());
  if (!options.which.empty() && options.which != "all") {
    if (const auto exercise = find_exercise(*index, options.which); !exercise) return complain(usage, exercise.error());
  }
  if (const auto readable = workspace.readable(); !readable) return complain(usage, readable.error());
  return Watching(context, options).run();
}

}  // namespace lab::cli
