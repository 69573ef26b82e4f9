// Warning sign 2, lost user data: every thread stores preferences in one session, each under a key of its own.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Data final : public Sign {
public:
  std::string name() const override { return "data"; }
  unsigned share() const override { return 10; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    // A session for each batch: keys are never overwritten, and none has so many of them that copies get slow.
    const SessionId session = manager_->create_session("user_2", "bob").value();
    const unsigned updates = each(operations, crew.size(), 4);
    std::atomic<std::uint64_t> acknowledged{0};
    crew.together([&](unsigned thread) {
      for (unsigned i = 0; i < updates; ++i) {
        const std::string key = "key_" + std::to_string(thread) + "_" + std::to_string(i);
        acknowledged += manager_->update_session(session, key, "dark") ? 1 : 0;
      }
    });
    reading_.expected += acknowledged;
    const auto kept = manager_->get_session(session);
    reading_.counted += kept ? kept->metadata.size() : 0;
    (void)manager_->delete_session(session);
    return std::uint64_t{updates} * crew.size() + 3;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with({.write_latency = write_time}));
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> lost_user_data() { return std::make_unique<Data>(); }

}  // namespace lab::load
