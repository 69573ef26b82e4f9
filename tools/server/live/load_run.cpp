#include "tools/server/live/load_run.hpp"

#include <fmt/format.h>
#include <sys/types.h>

#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "tools/server/live/verdict.hpp"

namespace lab::live {
namespace {

using Json = nlohmann::json;

// 300 samples of a run of the greatest length have a third of it.
constexpr std::size_t output_max = 1U << 20U;
// Of a program's last words, which are no sample; they may tell why it died.
constexpr std::size_t said_last_max = 200;
// A program that is not at its end so long after its time is killed.
constexpr std::chrono::seconds overtime{10};

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json json_of(const LoadRequest& request) {
  return {{"seconds", request.seconds},
          {"operations_per_second", request.operations_per_second},
          {"threads", request.threads}};
}

}  // namespace

LoadRun::LoadRun(Programs programs, EventLog& log, std::chrono::milliseconds grace)
    : log_(log),
      grace_(grace),
      programs_{Program{"buggy", std::move(programs.buggy)}, Program{"fixed", std::move(programs.fixed)}} {}

LoadRun::~LoadRun() {
  stop();
  MutexLock control(control_mutex_);
  join();
}

tl::expected<void, std::string> LoadRun::start(const LoadRequest& request) {
  MutexLock control(control_mutex_);
  {
    MutexLock lock(mutex_);
    if (running_ > 0) return tl::unexpected<std::string>("a load is running already: stop it, or wait for its end");
  }
  join();
  stopping_ = false;
  {
    MutexLock lock(mutex_);
    request_ = request;
    running_ = programs_.size();
    for (Program& program : programs_) {
      program.state = "running";
      program.text.clear();
      program.sample = nullptr;
    }
    log_.begin("started", text_of(json_of(request)));
  }
  for (std::size_t which = 0; which < threads_.size(); ++which)
    threads_[which] = std::thread([this, which, request] { run(which, request); });
  return {};
}

Json LoadRun::state() {
  MutexLock lock(mutex_);
  Json programs;
  for (const Program& program : programs_)
    programs[program.name] = {{"state", program.state}, {"text", program.text}, {"sample", program.sample}};
  return {{"running", running_ > 0}, {"load", json_of(request_)}, {"programs", programs}, {"verdict", verdict()}};
}

void LoadRun::join() {
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void LoadRun::run(std::size_t which, const LoadRequest& request) {
  process::Command command;
  {
    MutexLock lock(mutex_);
    command.words = {programs_[which].path.string(), std::to_string(request.seconds),
                     std::to_string(request.operations_per_second), std::to_string(request.threads)};
  }
  command.limit = std::chrono::seconds(request.seconds) + overtime;
  command.output_max = output_max;
  pid_t group = 0;
  command.on_start = [&](pid_t number) { group = number; };
  // Asked only before the program has been waited for, so its number is its own still.
  std::optional<std::chrono::steady_clock::time_point> told;
  command.unwanted = [&] {
    if (!stopping_) return false;
    if (!told) {
      told = std::chrono::steady_clock::now();
      (void)::kill(-group, SIGTERM);
    }
    return std::chrono::steady_clock::now() - *told > grace_;
  };

  std::string said_last;
  process::Ran ran;
  try {
    ran = process::run(command, [&](const std::string& line) { take(which, line, said_last); });
  } catch (const std::system_error& refused) {
    return note_end(which, "failed", fmt::format("could not be started: {}", refused.what()));
  }
  const std::string last_words = said_last.empty() ? "" : fmt::format("; it said: {}", said_last);
  if (!ran.started) return note_end(which, "failed", "could not be started: the program is not there; build it");
  if (ran.signal != 0 && !told)
    return note_end(which, "crashed",
                    fmt::format("crashed: signal {} ({}){}", ran.signal, ::strsignal(ran.signal), last_words));
  if (ran.over_time) return note_end(which, "failed", "hung, and was killed after its time");
  if (told) return note_end(which, "stopped", "stopped");
  if (!ran.ok()) return note_end(which, "failed", fmt::format("ended with status {}{}", ran.status, last_words));
  note_end(which, "time", "ended in time");
}

void LoadRun::take(std::size_t which, const std::string& line, std::string& said_last) {
  std::optional<Json> sample = sample_in(line);
  if (!sample) {
    if (!Json::parse(line, nullptr, false).is_object()) said_last = line.substr(0, said_last_max);
    return;
  }
  MutexLock lock(mutex_);
  programs_[which].sample = *sample;
  (*sample)["program"] = programs_[which].name;
  (*sample)["says"] = verdict_on(programs_[which].name, programs_[which].sample);
  (*sample)["verdict"] = verdict();
  log_.append("sample", text_of(*sample));
}

void LoadRun::note_end(std::size_t which, const std::string& how, const std::string& text) {
  MutexLock lock(mutex_);
  Program& program = programs_[which];
  program.state = how;
  program.text = text;
  log_.append("ended", text_of({{"program", program.name}, {"how", how}, {"text", text}}));
  if (--running_ == 0) log_.append("finished", text_of({{"verdict", verdict()}}));
}

std::string LoadRun::verdict() const {
  std::string words;
  for (const Program& program : programs_) {
    if (program.state == "not started") return "No load has been started yet.";
    if (!words.empty()) words += ' ';
    if (program.state == "crashed" || program.state == "failed")
      words += fmt::format("{} {}. ", program.name, program.text);
    words += verdict_on(program.name, program.sample);
  }
  return words;
}

}  // namespace lab::live
