#include "tests/generated/record.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "tests/generated/linearize.hpp"

namespace lab::generated {

struct Record::Shared {
  static constexpr std::size_t judged_max = 4096;  // beyond, histories are judged again

  History start;
  History current;
  char sentence[1024];
  std::uint64_t judged_count;
  std::uint64_t cut_short;
  std::uint64_t judged[judged_max];
};

Record::Record()
    : shared_([] {
        void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
        return new (memory) Shared();
      }()) {}

Record::~Record() { ::munmap(shared_, sizeof(Shared)); }

void Record::begin_program(const History& start) {
  shared_->start = start;
  shared_->judged_count = 0;
  shared_->cut_short = 0;
  shared_->sentence[0] = '\0';
}

void Record::begin_run() { shared_->current = shared_->start; }
void Record::call(int event) { generated::call(shared_->current, event); }
void Record::end(int event, const Outcome& outcome) { generated::end(shared_->current, event, outcome); }

bool Record::explained() {
  const std::uint64_t number = number_of(shared_->current);
  std::uint64_t* const judged_end = shared_->judged + shared_->judged_count;
  if (std::find(shared_->judged, judged_end, number) != judged_end) return true;
  const Judgement judgement = judge(shared_->current);
  if (!judgement.complete) ++shared_->cut_short;
  if (judgement.explained) {
    if (shared_->judged_count < Shared::judged_max) shared_->judged[shared_->judged_count++] = number;
    return true;
  }
  const std::size_t length = std::min(judgement.sentence.size(), sizeof shared_->sentence - 1);
  std::memcpy(shared_->sentence, judgement.sentence.data(), length);
  shared_->sentence[length] = '\0';
  return false;
}

const History& Record::history() const { return shared_->current; }
std::string Record::sentence() const { return shared_->sentence; }
std::uint64_t Record::different() const { return shared_->judged_count; }
std::uint64_t Record::cut_short() const { return shared_->cut_short; }

}  // namespace lab::generated
