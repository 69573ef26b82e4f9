#include "tests/mutants/mutations.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lab::mutants {

void Collector::add(const Source& source, const std::string& kind, const std::string& place, std::size_t at,
                    const std::string& what, std::vector<Edit> edits) {
  const std::string prefix = kind + "/" + (place.empty() ? "file" : place) + "/";
  const auto before = std::count_if(mutants_.begin(), mutants_.end(),
                                    [&](const Mutant& mutant) { return mutant.id.starts_with(prefix); });
  mutants_.push_back({prefix + std::to_string(before + 1), kind, source.file(), source.line(at), what,
                      source.edited(std::move(edits))});
}

std::vector<Mutant> mutants_of(const Source& header, const Source& source) {
  std::vector<Mutant> mutants;
  Collector to(mutants);
  mutate_locks(source, to);
  mutate_lock_order(source, to);
  mutate_atomics(header, source, to);
  mutate_notifications(source, to);
  mutate_checks(source, to);
  mutate_references(source, to);
  for (const Mutant& mutant : mutants) {
    if (mutant.text == header.text() || mutant.text == source.text()) {
      throw UnknownShape(fmt::format("{}:{}: {} changes nothing", mutant.file, mutant.line, mutant.id));
    }
  }
  return mutants;
}

}  // namespace lab::mutants
