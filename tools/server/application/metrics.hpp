// What the application counts of its own requests, and the whole in the Prometheus text format, version 0.0.4.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/interface.hpp"

namespace lab::server {

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

// The label `route` of a request whose path is none; with the paths themselves it would grow with what strangers ask.
inline constexpr std::string_view no_route = "other";

// What is served, told by the metric lab_build_info.
struct BuildInfo {
  std::string implementation;  // buggy, fixed or work
  std::string framework;
};

// Thread safety: every member may be called by any number of threads at once. A text that is written while requests end
// may tell of some of their counts and not yet of others; each count alone is true.
class RequestMetrics {
public:
  // Of the routes that are counted apart; the names must outlive this.
  static constexpr std::size_t routes_max = 16;
  explicit RequestMetrics(std::array<std::string_view, routes_max> routes) : routes_(routes) {}

  void count(std::size_t route, int status, std::chrono::nanoseconds taken);
  // A request that was refused before there was a route to ask.
  void count_refused(int status);

  // Appends lab_http_requests_total, lab_http_refusals_total and lab_http_request_duration_seconds.
  void write(std::string& text) const;

  // Upper bounds of the histogram, in seconds: from what a count in memory takes to what a busy disk makes of it.
  static constexpr std::array bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0};

private:
  // A status is one of 100 to 599.
  static constexpr std::size_t statuses = 500;
  static constexpr int status_min = 100;

  using ByStatus = std::array<std::atomic<std::uint64_t>, statuses>;
  static void count(ByStatus& counts, int status);

  struct Route {
    ByStatus answered{};
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> within{};  // the last: beyond all bounds
    std::atomic<std::uint64_t> nanoseconds{0};
  };

  const std::array<std::string_view, routes_max> routes_;
  std::array<Route, routes_max> counted_;
  ByStatus refused_{};
};

// Appends what the session manager says of itself; the metrics are named in docs/reference/http.md.
void write_metrics(std::string& text, SessionManager& manager, const BuildInfo& info);

}  // namespace lab::server
