// A run that never was, and the names for it.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer::story {

// Every place that was asked for exists; the source text of a line is what was given with it.
class Script : public Names {
public:
  // A return address of this line of /home/me/f.cpp.
  std::uint64_t at(int line, const std::string& text = {}, const std::string& function = "work",
                   const std::string& file = "/home/me/f.cpp") {
    if (!text.empty()) lines_[{file, line}] = text;
    const std::uint64_t pc = 0x400000 + places_.size() + 1;
    places_[pc] = {Place{file, line, function}};
    return pc;
  }
  void global(std::uint64_t address, const std::string& name) { globals_[address] = name; }

  const std::vector<Place>& frames(std::uint64_t return_address) override { return places_[return_address]; }
  std::string object_name(std::uint64_t address) override {
    const auto found = globals_.find(address);
    return found == globals_.end() ? std::string() : found->second;
  }
  std::string source_line(const std::string& file, int line) override {
    const auto found = lines_.find({file, line});
    return found == lines_.end() ? std::string() : found->second;
  }

private:
  std::map<std::uint64_t, std::vector<Place>> places_;
  std::map<std::uint64_t, std::string> globals_;
  std::map<std::pair<std::string, int>, std::string> lines_;
};

// A log is large and mostly empty, so that it is mapped, not allocated: a page that is never touched costs nothing.
class Story {
public:
  Story() {
    void* const memory =
        ::mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no room for a log");
    log_ = static_cast<Log*>(memory);  // all of it is zero, which is what an empty log looks like
  }
  ~Story() { ::munmap(log_, sizeof(Log)); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  Log& log() { return *log_; }

  Step& step(std::uint16_t thread, Operation operation, std::uint64_t pc, std::uint64_t object = 0,
             std::optional<std::uint64_t> value = std::nullopt) {
    Step& step = log_->steps[log_->step_count++];
    step.thread = thread;
    step.operation = operation;
    step.object = object;
    step.frames[0] = pc;
    step.frame_count = pc == 0 ? 0 : 1;
    step.size = 4;
    step.succeeded = true;
    step.has_value = value.has_value();
    step.value = value.value_or(0);
    step.choice = log_->choice_count;
    return step;
  }

  void create(std::uint16_t thread, std::uint64_t pc) { step(0, Operation::create, pc).other = thread; }

  // A choice at which `running` could have gone on, and `taken` was taken.
  void preempt(std::uint16_t running, std::uint16_t taken) {
    Choice& choice = log_->choices[log_->choice_count++];
    choice.first = log_->alternative_count;
    choice.count = 2;
    choice.taken = 1;
    choice.running = running;
    choice.could_go_on = true;
    log_->alternatives[log_->alternative_count++] = {running, Act::run};
    log_->alternatives[log_->alternative_count++] = {taken, Act::run};
  }

private:
  Log* log_;
};

// Two threads add 1 to a counter and one addition is lost: line 20 and 21 make the threads, both run line 12.
inline void lose_an_update(Story& story, Script& script) {
  constexpr std::uint64_t counter = 0x601000;
  script.global(counter, "counter");
  const std::uint64_t add = script.at(12, "++counter;", "increment");
  story.step(0, Operation::write, script.at(19, "counter = 0;", "main"), counter, 0);
  story.create(1, script.at(20, "std::thread a(increment);", "main"));
  story.create(2, script.at(21, "std::thread b(increment);", "main"));
  story.step(1, Operation::read, add, counter, 0);
  story.preempt(1, 2);
  story.step(2, Operation::read, add, counter, 0);
  story.step(2, Operation::write, add, counter, 1);
  story.step(2, Operation::end, 0);
  story.step(1, Operation::write, add, counter, 1);
  story.step(1, Operation::end, 0);
  story.step(0, Operation::join, script.at(22, "a.join();", "main")).other = 1;
  story.step(0, Operation::read, script.at(24, "assert(counter == 2);", "main"), counter, 1);
  Log& log = story.log();
  log.verdict = Verdict::assertion;
  log.frames[0] = script.at(24, "", "main");
  log.frame_count = 1;
}

}  // namespace lab::explorer::story
