#include "tools/server/lose/lose.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <barrier>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

namespace lab::server {
namespace {

using nlohmann::json;

std::string told(const LoseOptions& options, const char* request, const httplib::Result& result) {
  if (!result)
    return fmt::format(
        "{} does not answer {} ({}): start ./lab serve --impl buggy, and give the address that it prints",
        options.address, request, httplib::to_string(result.error()));
  return fmt::format("{} answers {} with {}: {}", options.address, request, result->status,
                     result->body.substr(0, 200));
}

httplib::Client client_of(const LoseOptions& options) {
  httplib::Client client(options.address);
  client.set_connection_timeout(5);
  client.set_read_timeout(60);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  return client;
}

// What one client met first that was no 200; empty: nothing.
std::string update(const LoseOptions& options, const httplib::Headers& who, int number, std::barrier<>& start) {
  httplib::Client client = client_of(options);
  const auto connected = client.Get("/health");
  start.arrive_and_wait();
  if (!connected) return told(options, "GET /health", connected);
  for (int i = 0; i < options.updates; ++i) {
    const json body = {{"key", fmt::format("key_{}_{}", number, i)}, {"value", "value"}};
    const auto result = client.Post("/api/preferences", who, body.dump(), "application/json");
    if (!result || result->status != 200) return told(options, "POST /api/preferences", result);
  }
  return "";
}

}  // namespace

tl::expected<Lost, std::string> lose_updates(const LoseOptions& options) {
  httplib::Client client = client_of(options);
  if (!client.is_valid())
    return tl::unexpected(options.address + " is no address: give one like http://127.0.0.1:8080");
  const auto login = client.Post("/login", R"({"user_id": "user1", "username": "alice"})", "application/json");
  if (!login || login->status != 200) return tl::unexpected(told(options, "POST /login", login));
  const json session = json::parse(login->body, nullptr, false);
  if (!session.is_object() || !session.contains("session_id") || !session["session_id"].is_string())
    return tl::unexpected(options.address + " is no ./lab serve: its login names no session");
  const httplib::Headers who = {{"X-Session-Id", session["session_id"].get<std::string>()}};

  std::barrier start(options.clients);
  std::vector<std::string> trouble(static_cast<std::size_t>(options.clients));
  std::vector<std::thread> threads;
  for (int i = 0; i < options.clients; ++i)
    threads.emplace_back([&, i] { trouble[static_cast<std::size_t>(i)] = update(options, who, i, start); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& words : trouble)
    if (!words.empty()) return tl::unexpected(words);

  const auto data = client.Get("/api/data", who);
  if (!data || data->status != 200) return tl::unexpected(told(options, "GET /api/data", data));
  (void)client.Post("/logout", who, "", "application/json");
  const json read = json::parse(data->body, nullptr, false);
  if (!read.is_object() || !read.contains("metadata") || !read.contains("access_count"))
    return tl::unexpected(options.address + " is no ./lab serve: its data is no session");
  return Lost{options.clients * options.updates, read["metadata"].size(), read["access_count"].get<std::uint64_t>()};
}

}  // namespace lab::server
