#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/faulty_database.hpp"
#include "common/memory_database.hpp"

namespace lab {
namespace {

Row row_of(const std::string& id, Version version) {
  Row row;
  row.data.session_id = SessionId(id);
  row.version = version;
  return row;
}

// Refuses every call.
class BrokenDatabase final : public Database {
public:
  Result<Contents> load() override { return Unexpected(Error::database_unavailable); }
  Result<std::optional<Row>> fetch(const SessionId& /*id*/) override { return Unexpected(Error::database_busy); }
  Result<Written> save(const Row& /*row*/, Version /*expected*/) override { return Unexpected(Error::database_failed); }
  Result<Written> merge(const Row& /*into*/, Version /*into_expected*/, const SessionId& /*from*/,
                        Version /*from_expected*/) override {
    return Unexpected(Error::database_busy);
  }
  Result<Written> mark_deleted(const SessionId& /*id*/, Version /*expected*/) override {
    return Unexpected(Error::database_unavailable);
  }
  Result<void> purge(const SessionId& /*id*/) override { return Unexpected(Error::database_busy); }
};

TEST_CASE("a purge fails exactly where the predicate says, and leaves the row marked", "[common][database]") {
  FaultyDatabase database(std::make_shared<MemoryDatabase>(), {.purge_fails = last_digit_is_odd});
  const std::string digits = "0123456789abcdef";
  std::vector<SessionId> kept;
  for (const char digit : digits) {
    const Row row = row_of(std::string("id ") + digit, 1);
    const SessionId& id = row.data.session_id;
    REQUIRE(database.save(row, 0) == Written::yes);
    REQUIRE(database.mark_deleted(id, 1) == Written::yes);

    for (int attempt = 0; attempt < 4; ++attempt) {
      const auto purged = database.purge(id);
      REQUIRE(purged.has_value() != last_digit_is_odd(id));
      if (!purged) REQUIRE(purged.error() == Error::database_failed);
    }
    if (last_digit_is_odd(id)) kept.push_back(id);
  }

  CHECK(kept.size() == 8);
  CHECK(database.load()->marked == kept);
}

TEST_CASE("a row whose purge fails can be written anew", "[common][database]") {
  FaultyDatabase database(std::make_shared<MemoryDatabase>(), {.purge_fails = [](const SessionId&) { return true; }});
  REQUIRE(database.save(row_of("a", 1), 0) == Written::yes);
  REQUIRE(database.mark_deleted(SessionId("a"), 1) == Written::yes);
  REQUIRE_FALSE(database.purge(SessionId("a")).has_value());

  CHECK(database.save(row_of("a", 5), 0) == Written::yes);
  CHECK(*database.fetch(SessionId("a")) == row_of("a", 5));
}

TEST_CASE("all that no fault is set for passes through", "[common][database]") {
  const auto inner = std::make_shared<MemoryDatabase>();
  FaultyDatabase database(inner, Faults{});

  CHECK(database.save(row_of("a", 1), 0) == Written::yes);
  CHECK(*inner->fetch(SessionId("a")) == row_of("a", 1));
  CHECK(database.save(row_of("a", 2), 3) == Written::conflict);
  CHECK(*database.fetch(SessionId("a")) == row_of("a", 1));

  CHECK(database.merge(row_of("b", 1), 0, SessionId("a"), 1) == Written::yes);
  CHECK(database.load()->live == std::vector{row_of("b", 1)});
  CHECK(database.load()->marked == std::vector{SessionId("a")});

  CHECK(database.purge(SessionId("a")).has_value());
  CHECK(database.mark_deleted(SessionId("b"), 1) == Written::yes);
  CHECK(inner->load()->live.empty());
  CHECK(inner->load()->marked == std::vector{SessionId("b")});
}

TEST_CASE("the errors of the database inside pass through", "[common][database]") {
  FaultyDatabase database(std::make_shared<BrokenDatabase>(), document_faults());

  CHECK(database.load().error() == Error::database_unavailable);
  CHECK(database.fetch(SessionId("a")).error() == Error::database_busy);
  CHECK(database.save(row_of("a", 1), 0).error() == Error::database_failed);
  CHECK(database.merge(row_of("a", 1), 0, SessionId("b"), 1).error() == Error::database_busy);
  CHECK(database.mark_deleted(SessionId("a"), 1).error() == Error::database_unavailable);
  CHECK(database.purge(SessionId("0")).error() == Error::database_busy);
}

TEST_CASE("a fetch takes at least the latency", "[common][database]") {
  FaultyDatabase database(std::make_shared<MemoryDatabase>(), document_faults());

  const auto before = std::chrono::steady_clock::now();
  const auto row = database.fetch(SessionId("a"));
  const auto elapsed = std::chrono::steady_clock::now() - before;

  CHECK(*row == std::nullopt);
  CHECK(elapsed >= std::chrono::milliseconds(10));
}

TEST_CASE("each way to write a row takes at least the latency", "[common][database]") {
  const auto inner = std::make_shared<MemoryDatabase>();
  REQUIRE(inner->save(row_of("a", 1), 0) == Written::yes);
  REQUIRE(inner->save(row_of("b", 1), 0) == Written::yes);
  const std::chrono::milliseconds latency(10);
  FaultyDatabase database(inner, {.write_latency = latency});
  const auto time_of = [](auto call) {
    const auto before = std::chrono::steady_clock::now();
    call();
    return std::chrono::steady_clock::now() - before;
  };

  CHECK(time_of([&] { CHECK(database.save(row_of("a", 2), 1) == Written::yes); }) >= latency);
  CHECK(time_of([&] { CHECK(database.merge(row_of("a", 3), 2, SessionId("b"), 1) == Written::yes); }) >= latency);
  CHECK(time_of([&] { CHECK(database.mark_deleted(SessionId("a"), 3) == Written::yes); }) >= latency);
  CHECK(database.purge(SessionId("a")));
}

TEST_CASE("the documents' half of the ids ends in an odd hexadecimal digit", "[common][database]") {
  for (const char digit : std::string("13579bdfBDF")) CHECK(last_digit_is_odd(SessionId(std::string("0") + digit)));
  for (const char digit : std::string("02468aceACE")) {
    CHECK_FALSE(last_digit_is_odd(SessionId(std::string("1") + digit)));
  }
  CHECK_FALSE(last_digit_is_odd(SessionId()));
  CHECK_FALSE(last_digit_is_odd(SessionId("1-")));
  CHECK_FALSE(last_digit_is_odd(SessionId(std::string("1\0", 2))));

  const Faults faults = document_faults();
  CHECK(faults.fetch_latency == std::chrono::milliseconds(10));
  CHECK(faults.purge_fails(SessionId("f")));
  CHECK_FALSE(faults.purge_fails(SessionId("e")));
}

}  // namespace
}  // namespace lab
