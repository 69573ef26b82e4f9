// What every Database promises, asked of the one in memory and of the one in a file.
#include <array>
#include <barrier>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "common/memory_database.hpp"
#include "common/sqlite_database.hpp"
#include "tests/support/folder.hpp"

namespace lab {
namespace {

struct InMemory {
  static constexpr std::size_t rounds = 300;
  MemoryDatabase database;
};

struct InSqliteFile {
  static constexpr std::size_t rounds = 40;  // each of them waits for the disk

  InSqliteFile() {
    auto opened = SqliteDatabase::open(folder.file());
    REQUIRE(opened.has_value());
    owner = std::move(*opened);
  }

  test::Folder folder;  // before owner, which is closed before the folder goes
  std::unique_ptr<SqliteDatabase> owner;
};

Database& database_of(InMemory& backend) { return backend.database; }
Database& database_of(InSqliteFile& backend) { return *backend.owner; }

using Backends = std::tuple<InMemory, InSqliteFile>;

Row row_of(const std::string& id, Version version) {
  Row row;
  row.data.session_id = SessionId(id);
  row.data.user_id = "user of " + id;
  row.data.username = "Ada";
  row.data.login_time = WallTime(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  row.data.last_activity = WallTime(std::chrono::nanoseconds(1'700'000'001'000'000'001));
  row.data.access_count = version - 1;
  row.data.is_authenticated = true;
  row.data.metadata = {{"colour", "green"}, {"version", std::to_string(version)}};
  row.version = version;
  return row;
}

// Everything that a database holds, to be compared.
struct Everything {
  std::vector<Row> live;
  std::vector<SessionId> marked;

  bool operator==(const Everything&) const = default;
};

Everything everything_in(Database& database) {
  auto contents = database.load();
  REQUIRE(contents.has_value());
  return {std::move(contents->live), std::move(contents->marked)};
}

std::optional<Row> fetched(Database& database, const std::string& id) {
  auto row = database.fetch(SessionId(id));
  REQUIRE(row.has_value());
  return *row;
}

void save_new(Database& database, const Row& row) { REQUIRE(database.save(row, 0) == Written::yes); }

void mark(Database& database, const Row& row) {
  REQUIRE(database.mark_deleted(row.data.session_id, row.version) == Written::yes);
}

TEMPLATE_LIST_TEST_CASE("a new database holds nothing", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  CHECK(everything_in(database) == Everything{});
  CHECK(fetched(database, "a") == std::nullopt);
}

TEMPLATE_LIST_TEST_CASE("a row saved with 0 expected can be fetched and loaded", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  const Row row = row_of("a", 1);

  CHECK(database.save(row, 0) == Written::yes);

  CHECK(fetched(database, "a") == row);
  CHECK(fetched(database, "b") == std::nullopt);
  CHECK(everything_in(database) == Everything{{row}, {}});
}

TEMPLATE_LIST_TEST_CASE("load lists every row in the order of the ids", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  const std::array ids = {"b", "\xff", "a", "ab", "d", "c"};
  for (const char* id : ids) save_new(database, row_of(id, 1));
  for (const char* id : {"d", "c"}) mark(database, row_of(id, 1));

  const Everything expected = {{row_of("a", 1), row_of("ab", 1), row_of("b", 1), row_of("\xff", 1)},
                               {SessionId("c"), SessionId("d")}};
  CHECK(everything_in(database) == expected);
}

TEMPLATE_LIST_TEST_CASE("a save that expects the row's version replaces all of the row", "[common][database]",
                        Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("a", 1));
  Row next = row_of("a", 2);
  next.data.user_id = "another user";
  next.data.is_authenticated = false;
  next.data.metadata = {{"only", "key"}};

  CHECK(database.save(next, 1) == Written::yes);

  CHECK(everything_in(database) == Everything{{next}, {}});
}

TEMPLATE_LIST_TEST_CASE("a save that expects another version writes nothing", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("a", 2));
  const Everything before = everything_in(database);

  CHECK(database.save(row_of("a", 4), 1) == Written::conflict);
  CHECK(database.save(row_of("a", 4), 3) == Written::conflict);
  CHECK(database.save(row_of("a", 4), 0) == Written::conflict);
  CHECK(database.save(row_of("gone", 4), 3) == Written::conflict);

  CHECK(everything_in(database) == before);
}

TEMPLATE_LIST_TEST_CASE("a marked row is hidden from fetch and loaded as marked", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("a", 1));
  save_new(database, row_of("b", 1));

  CHECK(database.mark_deleted(SessionId("a"), 1) == Written::yes);

  CHECK(fetched(database, "a") == std::nullopt);
  CHECK(everything_in(database) == Everything{{row_of("b", 1)}, {SessionId("a")}});
}

TEMPLATE_LIST_TEST_CASE("marking a row of another version, or none, changes nothing", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("live", 2));
  save_new(database, row_of("marked", 2));
  mark(database, row_of("marked", 2));
  const Everything before = everything_in(database);

  CHECK(database.mark_deleted(SessionId("live"), 1) == Written::conflict);
  CHECK(database.mark_deleted(SessionId("live"), 0) == Written::conflict);
  CHECK(database.mark_deleted(SessionId("marked"), 2) == Written::conflict);
  CHECK(database.mark_deleted(SessionId("gone"), 2) == Written::conflict);
  CHECK(database.mark_deleted(SessionId("gone"), 0) == Written::conflict);

  CHECK(everything_in(database) == before);
}

TEMPLATE_LIST_TEST_CASE("a marked row is absent to save", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("a", 3));
  mark(database, row_of("a", 3));

  SECTION("a save that expects its version conflicts") {
    CHECK(database.save(row_of("a", 4), 3) == Written::conflict);
    CHECK(everything_in(database) == Everything{{}, {SessionId("a")}});
  }

  SECTION("a save that expects none replaces it, and its metadata") {
    Row anew = row_of("a", 1);
    anew.data.metadata = {{"new", "key"}};
    CHECK(database.save(anew, 0) == Written::yes);
    CHECK(everything_in(database) == Everything{{anew}, {}});
    REQUIRE(database.purge(SessionId("a")).has_value());
    CHECK(fetched(database, "a") == anew);
  }
}

TEMPLATE_LIST_TEST_CASE("a merge writes one row and marks the other", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("from", 7));

  SECTION("into a live row") {
    save_new(database, row_of("into", 1));
    CHECK(database.merge(row_of("into", 2), 1, SessionId("from"), 7) == Written::yes);
  }
  SECTION("into a new row") { CHECK(database.merge(row_of("into", 2), 0, SessionId("from"), 7) == Written::yes); }
  SECTION("into a marked row") {
    save_new(database, row_of("into", 1));
    mark(database, row_of("into", 1));
    CHECK(database.merge(row_of("into", 2), 0, SessionId("from"), 7) == Written::yes);
  }

  CHECK(everything_in(database) == Everything{{row_of("into", 2)}, {SessionId("from")}});
}

TEMPLATE_LIST_TEST_CASE("a merge that conflicts at either end writes neither", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("into", 1));
  save_new(database, row_of("from", 7));
  save_new(database, row_of("marked", 5));
  mark(database, row_of("marked", 5));
  const Everything before = everything_in(database);

  CHECK(database.merge(row_of("into", 2), 9, SessionId("from"), 7) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 0, SessionId("from"), 7) == Written::conflict);
  CHECK(database.merge(row_of("gone", 2), 1, SessionId("from"), 7) == Written::conflict);
  CHECK(database.merge(row_of("marked", 6), 5, SessionId("from"), 7) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 1, SessionId("from"), 6) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 1, SessionId("from"), 0) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 1, SessionId("gone"), 7) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 1, SessionId("gone"), 0) == Written::conflict);
  CHECK(database.merge(row_of("into", 2), 1, SessionId("marked"), 5) == Written::conflict);

  CHECK(everything_in(database) == before);
}

TEMPLATE_LIST_TEST_CASE("a purge removes only the marked row that it names", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  for (const char* id : {"live", "marked", "other"}) save_new(database, row_of(id, 1));
  for (const char* id : {"marked", "other"}) mark(database, row_of(id, 1));

  CHECK(database.purge(SessionId("live")).has_value());
  CHECK(database.purge(SessionId("gone")).has_value());
  CHECK(everything_in(database) == Everything{{row_of("live", 1)}, {SessionId("marked"), SessionId("other")}});

  CHECK(database.purge(SessionId("marked")).has_value());
  CHECK(everything_in(database) == Everything{{row_of("live", 1)}, {SessionId("other")}});
}

TEMPLATE_LIST_TEST_CASE("a second purge of a row succeeds and changes nothing", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  save_new(database, row_of("a", 1));
  mark(database, row_of("a", 1));

  CHECK(database.purge(SessionId("a")).has_value());
  CHECK(database.purge(SessionId("a")).has_value());

  CHECK(everything_in(database) == Everything{});
}

TEMPLATE_LIST_TEST_CASE("any bytes and any numbers come back as they went in", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  constexpr std::size_t mebibyte = std::size_t{1} << 20;
  const std::string nul("\0 a \0", 5);
  const std::string not_utf8 = "\xff\xfe\xc0\x80\xed\xa0\x80";

  Row row;
  row.version = std::numeric_limits<Version>::max();
  row.data.access_count = std::numeric_limits<std::uint64_t>::max();
  row.data.login_time = WallTime::min();
  row.data.last_activity = WallTime::max();
  row.data.metadata[nul] = not_utf8;
  row.data.metadata[not_utf8] = nul;
  row.data.metadata["empty"] = "";
  row.data.metadata[""] = "empty key";
  row.data.metadata["NULL"] = "'; DROP TABLE sessions; --";
  row.data.metadata[std::string(mebibyte, 'k')] = std::string(mebibyte, '\0');

  for (const std::string& id : {std::string(), nul, nul + '\0', not_utf8, std::string(mebibyte, '\x80')}) {
    row.data.session_id = SessionId(id);
    row.data.user_id = id;
    row.data.username = not_utf8;
    CHECK(database.save(row, 0) == Written::yes);
    CHECK((fetched(database, id) == row));  // in brackets, so that a failure doesn't print the mebibytes
    CHECK(database.mark_deleted(row.data.session_id, row.version) == Written::yes);
    CHECK(fetched(database, id) == std::nullopt);
  }
  CHECK(everything_in(database).marked.size() == 5);
}

// Every round has a row of its own, which eight threads try to replace at the same time. Nothing is left to
// chance: however the eight calls interleave, one comes first and the others find its version.
TEMPLATE_LIST_TEST_CASE("of savers that expect one version exactly one succeeds", "[common][database]", Backends) {
  TestType backend;
  Database& database = database_of(backend);
  constexpr std::size_t threads = 8;
  constexpr std::size_t rounds = TestType::rounds;
  const auto written_by = [](std::size_t round, std::size_t thread) {
    Row row = row_of("round " + std::to_string(round), 2);
    row.data.metadata["thread"] = std::to_string(thread);
    return row;
  };
  for (std::size_t round = 0; round < rounds; ++round) save_new(database, row_of("round " + std::to_string(round), 1));

  std::vector<std::array<Result<Written>, threads>> results(rounds);
  std::barrier start(std::ptrdiff_t{threads});
  {
    std::vector<std::jthread> savers;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      savers.emplace_back([&, thread] {
        for (std::size_t round = 0; round < rounds; ++round) {
          const Row row = written_by(round, thread);
          start.arrive_and_wait();
          results[round][thread] = database.save(row, 1);
        }
      });
    }
  }

  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<std::size_t> winners;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      REQUIRE(results[round][thread].has_value());
      if (*results[round][thread] == Written::yes) winners.push_back(thread);
    }
    REQUIRE(winners.size() == 1);
    REQUIRE(fetched(database, "round " + std::to_string(round)) == written_by(round, winners.front()));
  }
}

}  // namespace
}  // namespace lab
