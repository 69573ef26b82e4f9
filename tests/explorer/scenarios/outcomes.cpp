#include "tests/explorer/scenarios/outcomes.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace lab::explorer::scenarios {

struct OutcomeSet::Shared {
  static constexpr std::size_t capacity = 4096;
  std::uint64_t added;
  std::size_t size;
  std::uint64_t values[capacity];
};

OutcomeSet::OutcomeSet()
    : shared_(static_cast<Shared*>(
          mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
  if (shared_ == MAP_FAILED) throw std::bad_alloc();
}

OutcomeSet::~OutcomeSet() { munmap(shared_, sizeof(Shared)); }

void OutcomeSet::add(std::uint64_t outcome) {
  ++shared_->added;
  std::uint64_t* const end = shared_->values + shared_->size;
  if (std::find(shared_->values, end, outcome) != end) return;
  if (shared_->size == Shared::capacity) std::abort();
  shared_->values[shared_->size++] = outcome;
}

void OutcomeSet::clear() { shared_->added = shared_->size = 0; }

std::set<std::uint64_t> OutcomeSet::values() const { return {shared_->values, shared_->values + shared_->size}; }

std::uint64_t OutcomeSet::count() const { return shared_->added; }

OutcomeSet& outcomes() {
  static OutcomeSet set;
  return set;
}

Explored explored(const std::function<void()>& scenario, const Options& options) {
  outcomes().clear();
  Findings findings = explore(scenario, options);
  return {std::move(findings), outcomes().values()};
}

Options exhaustively(bool reduce, Method method, unsigned bound) {
  Options options;
  options.method = method;
  options.bound = bound;
  options.reduce = reduce;
  options.runs = 1'000'000;
  options.time = std::chrono::minutes(5);
  options.samples = 0;
  return options;
}

std::string text(const std::set<std::uint64_t>& outcomes) {
  std::string all;
  for (const std::uint64_t outcome : outcomes) all += (all.empty() ? "" : " ") + std::to_string(outcome);
  return all;
}

bool thorough() { return std::getenv("LAB_THOROUGH") != nullptr; }

}  // namespace lab::explorer::scenarios
