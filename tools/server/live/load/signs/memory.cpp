// Warning sign 3, growing memory: users log in and out over the document's database, where the purges of half of the
// rows fail. Enough passes for every row follow: each is purged then, or given up, and the queue has to be empty.
#include "tools/server/live/load/managers.hpp"
#include "tools/server/live/load/sign.hpp"

namespace lab::load {
namespace {

class Memory final : public Sign {
public:
  std::string name() const override { return "memory"; }
  unsigned share() const override { return 10; }

  std::uint64_t perform(Crew& crew, unsigned operations) override {
    const unsigned sessions = each(operations / 2, crew.size(), 2);
    std::vector<Durations> deletes(crew.size());
    crew.together([&](unsigned thread) {
      for (unsigned i = 0; i < sessions; ++i) {
        const auto session = manager_->create_session("user_3", "carol");
        if (session) deletes[thread].push_back(time_of([&] { return manager_->delete_session(*session); }));
      }
    });
    for (std::size_t pass = 0; pass < cleanup_tries_max; ++pass) (void)manager_->run_cleanup();
    reading_.counted = manager_->get_cleanup_queue_size();
    Durations all;
    for (const Durations& one : deletes) all.insert(all.end(), one.begin(), one.end());
    latency_ = latency_of(std::move(all));
    return std::uint64_t{2} * sessions * crew.size() + cleanup_tries_max;
  }

  std::optional<Reading> reading() const override { return reading_; }  // expected: none
  std::optional<Latency> latency() const override { return latency_; }

private:
  const std::unique_ptr<SessionManager> manager_ = manager_over(memory_with(document_faults()));
  Reading reading_;
  Latency latency_;
};

}  // namespace

std::unique_ptr<Sign> growing_memory() { return std::make_unique<Memory>(); }

}  // namespace lab::load
