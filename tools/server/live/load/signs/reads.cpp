// How long one user's read takes while the others write, each to a session of his own.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Reads final : public Sign {
public:
  std::string name() const override { return "reads"; }
  unsigned share() const override { return 5; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    while (sessions_.size() < crew.size()) sessions_.push_back(manager_->create_session("user_8", "heidi").value());
    const unsigned writes = each(operations / 2, crew.size(), 4);
    std::atomic<unsigned> writing{crew.size() - 1};
    const std::size_t reads_max = std::size_t{writes} * crew.size();
    Durations reads;
    crew.together([&](unsigned thread) {
      if (thread != 0) {
        for (unsigned i = 0; i < writes; ++i) (void)manager_->increment_access(sessions_[thread]);
        --writing;
        return;
      }
      while (writing > 0 && reads.size() < reads_max) {
        reads.push_back(time_of([&] { return manager_->get_session(sessions_[0]); }));
        std::this_thread::yield();
      }
    });
    const std::uint64_t calls = reads.size() + std::uint64_t{writes} * (crew.size() - 1);
    latency_ = latency_of(std::move(reads));
    return calls;
  }

  std::optional<Reading> reading() const override { return std::nullopt; }
  std::optional<Latency> latency() const override { return latency_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with({.write_latency = write_time}));
  std::vector<SessionId> sessions_;
  Latency latency_;
};

}  // namespace

std::unique_ptr<Sign> independent_reads() { return std::make_unique<Reads>(); }

}  // namespace lab::load
