// Sessions that are back after their log-out: each is deleted by one thread while another stores a preference in it.
// Afterwards what is reported as active, and what is there, ought to be the same: nothing.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Revived final : public Sign {
public:
  std::string name() const override { return "revived"; }
  unsigned share() const override { return 10; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    const unsigned sessions = std::max(4U, operations / 3);
    std::vector<SessionId> ids;
    for (unsigned i = 0; i < sessions; ++i) ids.push_back(manager_->create_session("user_6", "frank").value());
    crew.together([&](unsigned thread) {
      // Threads 2k and 2k + 1 meet at the same sessions; without a partner, the last one has nothing to do.
      const unsigned pairs = crew.size() / 2;
      for (unsigned i = thread / 2; i < sessions && thread / 2 < pairs; i += pairs) {
        if (thread % 2 == 0) {
          (void)manager_->delete_session(ids[i]);
        } else {
          (void)manager_->update_session(ids[i], "theme", "dark");
        }
      }
    });
    reading_.expected = manager_->get_stats().active_sessions;
    reading_.counted = manager_->get_active_count();
    return std::uint64_t{3} * sessions + 2;
  }

  std::optional<Reading> reading() const override { return reading_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with({.write_latency = write_time}));
  Reading reading_;
};

}  // namespace

std::unique_ptr<Sign> revived_sessions() { return std::make_unique<Revived>(); }

}  // namespace lab::load
