// Cache hits: every thread reads one session, and each read that finds it is a hit.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Hits final : public Sign {
public:
  std::string name() const override { return "hits"; }
  unsigned share() const override { return 20; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    const unsigned reads = each(operations, crew.size(), 4);
    std::atomic<std::uint64_t> found{0};
    crew.together([&](unsigned) {
      std::uint64_t own = 0;
      for (unsigned i = 0; i < reads; ++i) own += manager_->get_session(session_) ? 1 : 0;
      found += own;
    });
    reading_.expected += found;
    reading_.counted = manager_->get_stats().cache_hits;
    return std::uint64_t{reads} * crew.size() + 1;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  // A copy that gets old is fetched, and that is rightly a miss; so none gets old in a run.
  static Settings never_stale() {
    Settings settings;
    settings.cache_ttl = std::chrono::hours(1);
    return settings;
  }

  const std::unique_ptr<SessionManager> manager_ =
      manager_over(std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), never_stale());
  const SessionId session_ = manager_->create_session("user_7", "grace").value();
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> cache_hits() { return std::make_unique<Hits>(); }

}  // namespace lab::load
