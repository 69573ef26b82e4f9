#include "tests/explorer/scenarios/searches.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tools/explorer/findings.hpp"
#include "tools/explorer/search.hpp"
#include "tools/explorer/target.hpp"

namespace lab::explorer::scenarios {
namespace {

constexpr std::uint32_t most_departures = 64;

// What one search came to, in memory that the child shares.
struct Line {
  Verdict verdict;
  bool found, complete, stopped_at_budget;
  int completed;
  Minimal minimal;
  std::uint64_t runs;
  std::uint32_t deviations, preemptions;
  std::uint64_t state;
  std::uint32_t departure_count;
  Departure departures[most_departures];
  char message[max_message];
  std::size_t outcome_count;
  std::uint64_t outcomes[4096];
};

constexpr std::size_t most_searches = 128;

void search_all(const std::function<void()>& scenario, const std::vector<Options>& searches, bool first_must_end,
                Line* lines) {
  const auto target = in_process(scenario);
  const auto result = make_result();
  for (std::size_t i = 0; i < searches.size(); ++i) {
    outcomes().clear();
    search(*target, searches[i], *result);
    Line& line = lines[i];
    line.verdict = result->verdict;
    line.found = result->found;
    line.complete = result->complete;
    line.stopped_at_budget = result->stopped_at_budget;
    line.completed = result->completed;
    line.minimal = result->minimal;
    line.runs = result->runs;
    line.deviations = result->outcome.departures;
    line.preemptions = result->outcome.preemptions;
    if (result->found) {
      line.state = result->outcome.state;
      line.departure_count = std::min(result->failing.departure_count, most_departures);
      std::copy_n(result->failing.departures, line.departure_count, line.departures);
    }
    const char* const message = result->found ? result->outcome.message : result->unjudged_message;
    for (std::size_t k = 0; k < max_message; ++k) line.message[k] = message[k];
    for (const std::uint64_t outcome : outcomes().values()) line.outcomes[line.outcome_count++] = outcome;
    if (first_must_end && line.stopped_at_budget && i == 0) return;
  }
}

}  // namespace

std::vector<Searched> searched(const std::function<void()>& scenario, const std::vector<Options>& searches,
                               bool first_must_end) {
  if (searches.size() > most_searches) throw std::invalid_argument("too many searches");
  const std::size_t bytes = sizeof(Line) * most_searches;
  static Line* const lines =
      static_cast<Line*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (lines == MAP_FAILED) throw std::bad_alloc();
  for (std::size_t i = 0; i < searches.size(); ++i) new (&lines[i]) Line{};
  outcomes();  // made before the fork, or the child's would be its own
  const pid_t child = fork();
  if (child == 0) {
    search_all(scenario, searches, first_must_end, lines);
    _exit(0);
  }
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw std::runtime_error("the searching process ended with status " + std::to_string(status));
  std::vector<Searched> results;
  if (first_must_end && lines[0].stopped_at_budget) return results;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    const Line& line = lines[i];
    results.push_back({line.verdict,
                       line.found,
                       line.complete,
                       line.stopped_at_budget,
                       line.completed,
                       line.minimal,
                       line.runs,
                       line.deviations,
                       line.preemptions,
                       line.state,
                       {line.departures, line.departures + line.departure_count},
                       line.message,
                       {line.outcomes, line.outcomes + line.outcome_count}});
  }
  return results;
}

}  // namespace lab::explorer::scenarios
