// The module's values as the quick start's JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "common/values.hpp"

namespace lab::server {

nlohmann::json to_json(const SessionData& session);

// What get_stats() and get_active_count() say, of two instants.
nlohmann::json to_json(const Stats& stats, std::uint64_t active_count);

// The document's HealthStatus. memory_leak_detected: more than health_queue_max rows are queued.
nlohmann::json health_of(const Stats& stats, std::uint64_t active_count, std::size_t queue_size);
inline constexpr std::size_t health_queue_max = 1000;

// How far the reported count of sessions is from the actual one; the buggy module's may have gone below zero.
std::uint64_t discrepancy(std::uint64_t reported, std::uint64_t actual);

// Names and metadata are any bytes, JSON is not: what is no UTF-8 is replaced.
std::string dump(const nlohmann::json& value);

}  // namespace lab::server
