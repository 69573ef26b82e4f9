#include "tools/server/live/event_log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <thread>

using namespace lab::live;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> data_of(const std::vector<Event>& events) {
  std::vector<std::string> data;
  for (const Event& event : events) data.push_back(event.data);
  return data;
}

}  // namespace

TEST_CASE("a reader gets what it has not seen, and a late one everything", "[live]") {
  EventLog log;
  log.begin("started", "a");
  log.append("sample", "b");
  const auto all = log.after(0, 0ms);
  CHECK(data_of(all) == std::vector<std::string>{"a", "b"});
  log.append("sample", "c");
  CHECK(data_of(log.after(all.back().number, 0ms)) == std::vector<std::string>{"c"});
  CHECK(data_of(log.after(0, 0ms)) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a new run drops the old one, also for who has seen a part of it", "[live]") {
  EventLog log;
  log.begin("started", "a");
  const EventNumber seen = log.after(0, 0ms).back().number;
  log.append("sample", "b");
  log.begin("started", "c");
  CHECK(data_of(log.after(seen, 0ms)) == std::vector<std::string>{"c"});
}

TEST_CASE("a reader waits for the next event, and no longer than it said", "[live]") {
  EventLog log;
  CHECK(log.after(0, 1ms).empty());
  for (int round = 0; round < 100; ++round) {
    const auto before = log.after(0, 0ms);
    const EventNumber seen = before.empty() ? 0 : before.back().number;
    std::vector<Event> got;
    std::thread reader([&] { got = log.after(seen, 30s); });
    log.append("sample", "next");
    reader.join();
    REQUIRE(data_of(got) == std::vector<std::string>{"next"});
  }
}

TEST_CASE("an event is sent with an id, by which its reader goes on", "[live]") {
  EventLog log;
  log.begin("started", "{}");
  const Event event = log.after(0, 0ms).front();
  const std::string sent = log.as_sent(event);
  const std::string id = sent.substr(4, sent.find('\n') - 4);
  CHECK(sent == "id: " + id + "\nevent: started\ndata: {}\n\n");
  CHECK(log.number_in(id) == event.number);
}

TEST_CASE("an id of another log, or none at all, is before everything", "[live]") {
  EventLog log;
  EventLog other;
  other.begin("started", "{}");
  const std::string sent = other.as_sent(other.after(0, 0ms).front());
  CHECK(log.number_in(sent.substr(4, sent.find('\n') - 4)) == 0);
  for (const char* id : {"", "1", "-1", "x-1", "99999999999999999999999999"}) CHECK(log.number_in(id) == 0);
  const std::string own = log.as_sent({7, "a", "b"});
  CHECK(log.number_in(own.substr(4, own.find('\n') - 4) + "x") == 0);
}
