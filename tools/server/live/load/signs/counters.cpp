// Warning sign 1, inconsistent counters: every thread counts accesses of one session.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Counters final : public Sign {
public:
  std::string name() const override { return "counters"; }
  unsigned share() const override { return 15; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    const unsigned increments = each(operations, crew.size(), 4);
    std::atomic<std::uint64_t> acknowledged{0};
    crew.together([&](unsigned) {
      for (unsigned i = 0; i < increments; ++i) acknowledged += manager_->increment_access(session_) ? 1 : 0;
    });
    reading_.expected += acknowledged;
    const auto session = manager_->get_session(session_);
    reading_.counted = session ? session->access_count : 0;
    return std::uint64_t{increments} * crew.size() + 1;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with({.write_latency = write_time}));
  const SessionId session_ = manager_->create_session("user_1", "alice").value();
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> inconsistent_counters() { return std::make_unique<Counters>(); }

}  // namespace lab::load
