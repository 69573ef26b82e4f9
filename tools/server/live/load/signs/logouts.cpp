// Warning sign 5, random logouts: users come back to sessions that have been idle for 20 minutes of the allowed 30, and
// a sweep comes 15 minutes later. Whoever was served in between has been idle for 15 minutes only, and has to stay.
//
// The clock is moved by hand: nobody has to wait for half an hour, and no slow machine makes an idle user of a busy
// one.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

using namespace std::chrono_literals;

// So many sessions that the sweep is still at work when the last users are served.
constexpr std::size_t sessions_kept = 32;
// A copy that is 20 minutes old is fetched anew. A fetch takes longer than a write, as in the document.
constexpr std::chrono::microseconds fetch_time{1000};

class Logouts final : public Sign {
public:
  std::string name() const override { return "logouts"; }
  unsigned share() const override { return 5; }

  std::uint64_t perform(Crew& crew, unsigned) override {
    std::uint64_t calls = 1;
    for (; ids_.size() < sessions_kept; ++calls) ids_.push_back(manager_->create_session("user_5", "erin").value());
    clock_->advance(20min);

    const unsigned users = crew.size() - 1;
    const unsigned served_before_sweep = 1 + round_++ % (2 * users);
    std::atomic<unsigned> served{0};
    std::atomic<unsigned> leaving{users};
    std::vector<char> used(ids_.size(), 0);
    crew.together([&](unsigned thread) {
      if (thread == 0) {
        while (served < served_before_sweep && leaving > 0) std::this_thread::yield();
        clock_->advance(15min);
        (void)manager_->expire_idle();
        return;
      }
      for (std::size_t i = thread - 1; i < ids_.size(); i += users) {
        if (!manager_->get_session(ids_[i])) break;  // the sweep's time has come: the rest is idle for too long
        used[i] = 1;
        ++served;
      }
      --leaving;
    });
    // Those that were not used in time are rightly gone.
    std::vector<SessionId> there;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (!used[i]) continue;
      calls += 2;
      ++reading_.expected;
      if (!manager_->get_session(ids_[i])) continue;
      ++reading_.counted;
      there.push_back(ids_[i]);
    }
    ids_ = std::move(there);
    return calls;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  const std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  const std::unique_ptr<SessionManager> manager_ =
      manager_over(memory_with({.fetch_latency = fetch_time, .write_latency = write_time}), clock_);
  std::vector<SessionId> ids_;  // all were used last at the clock's present time
  unsigned round_ = 0;
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> random_logouts() { return std::make_unique<Logouts>(); }

}  // namespace lab::load
