// Warning sign 4, metric discrepancies: while sessions only end, one thread reads the two counts in turn. The later one
// can't be the greater: nobody logs in. Each pair in which it is greater is false, in whatever order things happened.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Metrics final : public Sign {
public:
  std::string name() const override { return "metrics"; }
  unsigned share() const override { return 25; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    const unsigned sessions = each(operations / 4, crew.size(), 4);
    std::vector<std::vector<SessionId>> ids(crew.size());
    for (std::vector<SessionId>& own : ids) {
      for (unsigned i = 0; i < sessions; ++i) own.push_back(manager_->create_session("user_4", "dave").value());
    }
    std::atomic<unsigned> leaving{crew.size() - 1};
    const std::uint64_t pairs_max = std::uint64_t{sessions} * crew.size();
    std::uint64_t pairs = 0;
    std::uint64_t false_pairs = 0;
    crew.together([&](unsigned thread) {
      if (thread != 0) {
        for (const SessionId& id : ids[thread]) (void)manager_->delete_session(id);
        --leaving;
        return;
      }
      while (leaving > 0 && pairs < pairs_max) {
        const std::uint64_t actual = manager_->get_active_count();
        const std::uint64_t reported = manager_->get_stats().active_sessions;
        ++pairs;
        false_pairs += reported > actual ? 1 : 0;
        std::this_thread::yield();
      }
    });
    for (const SessionId& id : ids[0]) (void)manager_->delete_session(id);
    reading_.expected += pairs;
    reading_.counted += pairs - false_pairs;
    return std::uint64_t{2} * sessions * crew.size() + 2 * pairs;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with({.write_latency = write_time}));
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> metric_discrepancies() { return std::make_unique<Metrics>(); }

}  // namespace lab::load
