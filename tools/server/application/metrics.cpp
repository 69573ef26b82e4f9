#include "tools/server/application/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tools/server/application/json.hpp"

namespace lab::server {
namespace {

void head(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void metric(std::string& text, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  head(text, name, type, help);
  fmt::format_to(std::back_inserter(text), "{} {}\n", name, value);
}

// As the format wants label values: backslash, quote and line feed escaped.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

// Relaxed here and below: each is a count of its own, and nothing is concluded from one about another.
void RequestMetrics::count(ByStatus& counts, int status) {
  const int index = std::clamp(status - status_min, 0, static_cast<int>(statuses) - 1);
  counts[static_cast<std::size_t>(index)].fetch_add(1, std::memory_order_relaxed);
}

void RequestMetrics::count_refused(int status) { count(refused_, status); }

void RequestMetrics::count(std::size_t route, int status, std::chrono::nanoseconds taken) {
  constexpr auto relaxed = std::memory_order_relaxed;
  Route& counted = counted_.at(route);
  count(counted.answered, status);
  const double seconds = std::chrono::duration<double>(taken).count();
  const auto bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  counted.within[static_cast<std::size_t>(bound - bounds.begin())].fetch_add(1, relaxed);
  counted.nanoseconds.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(taken.count(), 0)), relaxed);
}

void RequestMetrics::write(std::string& text) const {
  const auto out = std::back_inserter(text);
  head(text, "lab_http_requests_total", "counter", "Requests that the routes answered, by route and status.");
  // Each status that there was, with its count.
  const auto each = [](const ByStatus& counts, const auto& tell) {
    for (std::size_t i = 0; i < statuses; ++i) {
      const std::uint64_t count = counts[i].load(std::memory_order_relaxed);
      if (count != 0) tell(i + static_cast<std::size_t>(status_min), count);
    }
  };
  for (std::size_t route = 0; route < routes_max; ++route) {
    each(counted_[route].answered, [&](std::size_t status, std::uint64_t count) {
      fmt::format_to(out, "lab_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", escaped(routes_[route]), status,
                     count);
    });
  }
  head(text, "lab_http_refusals_total", "counter",
       "Requests that were refused before they reached a route, over the limits or no HTTP, by status.");
  each(refused_, [&](std::size_t status, std::uint64_t count) {
    fmt::format_to(out, "lab_http_refusals_total{{status=\"{}\"}} {}\n", status, count);
  });
  constexpr std::string_view name = "lab_http_request_duration_seconds";
  head(text, name, "histogram", "Time from a whole request to its answer, by route.");
  for (std::size_t route = 0; route < routes_max; ++route) {
    std::uint64_t count = 0;
    std::array<std::uint64_t, bounds.size() + 1> up_to{};
    for (std::size_t i = 0; i < up_to.size(); ++i)
      up_to[i] = count += counted_[route].within[i].load(std::memory_order_relaxed);
    if (count == 0) continue;
    const std::string label = escaped(routes_[route]);
    for (std::size_t i = 0; i < bounds.size(); ++i)
      fmt::format_to(out, "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name, label, bounds[i], up_to[i]);
    fmt::format_to(out, "{}_bucket{{route=\"{}\",le=\"+Inf\"}} {}\n", name, label, count);
    const auto nanoseconds = counted_[route].nanoseconds.load(std::memory_order_relaxed);
    fmt::format_to(out, "{}_sum{{route=\"{}\"}} {}\n", name, label, static_cast<double>(nanoseconds) * 1e-9);
    fmt::format_to(out, "{}_count{{route=\"{}\"}} {}\n", name, label, count);
  }
}

void write_metrics(std::string& text, SessionManager& manager, const BuildInfo& info) {
  const Stats stats = manager.get_stats();
  const std::uint64_t active_count = manager.get_active_count();
  const DeadLetters dead = manager.dead_letters();
  head(text, "lab_build_info", "gauge", "What is served; always 1.");
  fmt::format_to(std::back_inserter(text), "lab_build_info{{implementation=\"{}\",framework=\"{}\"}} 1\n",
                 escaped(info.implementation), escaped(info.framework));
  metric(text, "lab_sessions_total", "counter", "Sessions that were ever live here, by get_stats().",
         stats.total_sessions);
  metric(text, "lab_sessions_reported", "gauge", "Live sessions, as get_stats() reports them.", stats.active_sessions);
  metric(text, "lab_sessions_actual", "gauge", "Live sessions, as get_active_count() counts them.", active_count);
  metric(text, "lab_sessions_discrepancy", "gauge",
         "Reported against actual sessions; they are of two instants, so look at it while nothing runs.",
         discrepancy(stats.active_sessions, active_count));
  metric(text, "lab_cache_hits_total", "counter", "Reads of a session that its cached copy served.", stats.cache_hits);
  metric(text, "lab_cache_misses_total", "counter", "Reads that went to the database or found nothing.",
         stats.cache_misses);
  metric(text, "lab_cleanup_failures_total", "counter", "Attempts to purge a row that failed.", stats.failed_cleanups);
  metric(text, "lab_cleanup_queue_rows", "gauge", "Rows of ended sessions that wait to be purged.",
         manager.get_cleanup_queue_size());
  metric(text, "lab_cleanup_dead_letters_total", "counter", "Rows whose purge was given up.",
         dead.latest.size() + dead.dropped);
}

}  // namespace lab::server
