#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/grader/submission/pack.hpp"

using namespace lab::grader;
using namespace lab::grader::test;

namespace fs = std::filesystem;

namespace {

const Packing tar{.format = "gnutar"};

std::string entry_error(const std::string& entry, const std::string& fault) {
  return "the entry \"" + entry + "\" of \"work.zip\" " + fault;
}

}  // namespace

TEST_CASE("both files are taken from an archive of each kind", "[submission]") {
  const Packing packing =
      GENERATE(Packing{"zip", "none"}, Packing{"gnutar", "none"}, Packing{"pax", "none"}, Packing{"ustar", "none"},
               Packing{"gnutar", "gzip"}, Packing{"gnutar", "bzip2"}, Packing{"gnutar", "xz"}, Packing{"pax", "zstd"});
  CAPTURE(packing.format, packing.filter);
  const Desk desk;
  const std::string folder = GENERATE("", "./", "work/", "./work/");
  const auto taken = desk.take(packed(both({{folder + "main.cpp", "more"}}, folder), packing));
  REQUIRE(taken);
  CHECK(taken->folder == (folder.find("work") == std::string::npos ? "" : "work"));
  CHECK(text_of(desk.into() / "session_manager.hpp") == "header");
  CHECK(text_of(desk.into() / "session_manager.cpp") == "source");
  CHECK(std::distance(fs::directory_iterator(desk.into()), fs::directory_iterator()) == 2);
}

TEST_CASE("what systems add to an archive is overlooked", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed(both({{"__MACOSX/work/._session_manager.cpp", "litter"},
                                   {"__MACOSX/session_manager.cpp", "litter"},
                                   {"work/.git/session_manager.cpp", "litter"},
                                   {"work/._session_manager.cpp", "litter"},
                                   {"work/Session_Manager.cpp", "a twin by its name"},
                                   {"work/", "", S_IFDIR}},
                                  "work/"))) == "taken");
}

TEST_CASE("two places in an archive are refused, and both named", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed(both(both({}, "copy/")))) ==
        "both \"session_manager.hpp\" and \"copy/session_manager.hpp\" are there: leave the one that counts");
  CHECK(desk.is_untouched());
}

TEST_CASE("files that are missing in an archive, or lie too deep, are named", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed({{"session_manager.cpp", "source"}})) ==
        "there is no session_manager.hpp in \"work.zip\", at the top or in one folder: hand in both files");
  CHECK(desk.error_of(packed(both({}, "a/b/"))) ==
        "\"a/b/session_manager.hpp\" lies too deep in \"work.zip\": put both files at the top or in one folder");
}

TEST_CASE("an entry with a hostile name is refused with its archive", "[submission]") {
  const Desk desk;
  const std::string then = ": rename it and pack anew, or leave it out";
  const auto error = [&](const std::string& name) { return desk.error_of(packed(both({{name, "x"}}), tar)); };
  CHECK(error("/session_manager.cpp") == entry_error("/session_manager.cpp", "has an absolute name" + then));
  CHECK(error("../session_manager.cpp") == entry_error("../session_manager.cpp", "leads out of the archive" + then));
  CHECK(error("a/../../b") == entry_error("a/../../b", "leads out of the archive" + then));
  CHECK(error("a\\b") == entry_error("a\\\\b", "has a backslash in its name" + then));
  CHECK(error("a\x1b[2J") == entry_error("a\\u001b[2J", "has a control character in its name" + then));
  CHECK(error("\xfc") == entry_error("\\ufffd", "has a name that is not UTF-8" + then));
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "a/";
  CHECK(error(deep + "b").find("lies too deep" + then) != std::string::npos);
  CHECK(error("\xc3\xbc") == "taken");
  fs::remove(desk.into() / "session_manager.hpp");
  fs::remove(desk.into() / "session_manager.cpp");
  CHECK(desk.is_untouched());
}

TEST_CASE("an entry that is there twice is refused", "[submission]") {
  const Desk desk;
  for (const Packing& packing : {Packing{}, tar}) {
    CHECK(desk.error_of(packed(both({{"session_manager.cpp", "other"}}), packing)) ==
          entry_error("session_manager.cpp", "is there twice: leave the one that counts"));
    CHECK(desk.error_of(packed(both({{"./session_manager.cpp", "other"}}), packing)) ==
          entry_error("./session_manager.cpp", "is there twice: leave the one that counts"));
    CHECK(desk.error_of(packed(both({{"notes", "a"}, {"notes", "b"}}), packing)) ==
          entry_error("notes", "is there twice: leave the one that counts"));
  }
  CHECK(desk.is_untouched());
}

TEST_CASE("of the two names only regular files are taken", "[submission]") {
  const Desk desk;
  Entry source{"session_manager.cpp"};
  SECTION("a symbolic link") { source = {"session_manager.cpp", "", S_IFLNK, "/etc/passwd"}; }
  SECTION("a pipe") { source.type = S_IFIFO; }
  SECTION("a device") { source.type = S_IFCHR; }
  SECTION("a folder") { source.type = S_IFDIR; }
  SECTION("a hard link") { source.hardlink = "session_manager.hpp"; }
  const std::string name = source.type == S_IFDIR ? "session_manager.cpp/" : "session_manager.cpp";
  CHECK(desk.error_of(packed({{"session_manager.hpp", "header"}, source}, tar)) ==
        entry_error(name, "is no regular file: put one in its place"));
  CHECK(desk.is_untouched());
}

TEST_CASE("links with other names do no harm", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed(both({{"work", "", S_IFLNK, "/etc"}, {"work/passwd", "x"}}), tar)) == "taken");
}

TEST_CASE("an archive with a password is refused", "[submission]") {
  const std::string how = GENERATE("zip:encryption=zipcrypt", "zip:encryption=aes256");
  const Desk desk;
  CHECK(desk.error_of(packed(both(), {.options = how})) ==
        entry_error("session_manager.hpp", "has a password: pack it without one"));
}

TEST_CASE("a file in an archive is as large as it may be, and no larger", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed(
            {{"session_manager.hpp", "header"}, {"session_manager.cpp", std::string(submission_file_max + 1, 'x')}})) ==
        entry_error("session_manager.cpp", "is larger than 256 KiB: make it smaller"));
  CHECK(desk.is_untouched());
  CHECK(desk.error_of(packed({{"session_manager.hpp", "header"},
                              {"session_manager.cpp", std::string(submission_file_max, 'x')}})) == "taken");
}

TEST_CASE("an archive that unpacks to too much is refused, however small it is", "[submission]") {
  const Desk desk;
  const std::vector<Entry> entries = both({{"zeros", std::string(submission_unpacked_max, '\0')}});
  for (const Packing& packing : {Packing{}, Packing{"gnutar", "gzip"}, Packing{"gnutar", "zstd"}}) {
    const std::string archive = packed(entries, packing);
    CHECK(archive.size() < 100'000);
    CHECK(desk.error_of(archive) == "\"work.zip\" holds more than 64 MiB: hand in the two files alone");
  }
  CHECK(desk.is_untouched());
}

TEST_CASE("an archive in an archive is not unpacked", "[submission]") {
  const Desk desk;
  CHECK(desk.error_of(packed({{"work.zip", packed(both())}})).find("there is no session_manager.hpp") == 0);
  const std::string twice = packed({{"x", packed(both(), {"gnutar", "gzip"})}}, {"raw", "gzip"});
  CHECK(desk.error_of(twice) ==
        "\"work.zip\" is no whole zip or tar archive: pack the two files anew, as one of these");
}

TEST_CASE("an archive of too many entries is refused", "[submission]") {
  const Desk desk;
  std::vector<Entry> entries = both();
  for (std::size_t i = entries.size(); i <= submission_entries_max; ++i) entries.push_back({std::to_string(i)});
  CHECK(desk.error_of(packed(entries, {"gnutar", "gzip"})) ==
        "\"work.zip\" holds more than 10000 entries: hand in the two files alone");
}

TEST_CASE("an archive that is cut off anywhere is refused, or gives both files whole", "[submission]") {
  const Packing packing = GENERATE(Packing{}, Packing{"gnutar", "none"}, Packing{"gnutar", "gzip"});
  const Desk desk;
  const std::string archive = packed(both(), packing);
  for (std::size_t size = 0; size < archive.size(); ++size) {
    const std::string error = desk.error_of(archive.substr(0, size));
    if (error != "taken") {
      if (!desk.is_untouched()) FAIL("cut at " << size);
      continue;
    }
    // A tar without its end: all entries are there.
    if (packing.format != "gnutar" || text_of(desk.into() / "session_manager.cpp") != "source") {
      FAIL("cut at " << size);
    }
    fs::remove(desk.into() / "session_manager.hpp");
    fs::remove(desk.into() / "session_manager.cpp");
  }
}

TEST_CASE("what is no archive is refused", "[submission]") {
  const Desk desk;
  for (const std::string& text : {std::string(), std::string("int main() {}\n"), std::string("Rar!\x1a\x07"),
                                  std::string("PK\x03\x04"), std::string("\x1f\x8b"), std::string(10'000, 'x')}) {
    const std::string error = desk.error_of(text);
    CHECK((error == "\"work.zip\" is no whole zip or tar archive: pack the two files anew, as one of these" ||
           error == "\"work.zip\" is damaged or cut off: pack it anew"));
  }
  CHECK(desk.is_untouched());
}

TEST_CASE("an archive that is a pipe is refused, and not waited for", "[submission]") {
  const Desk desk;
  REQUIRE(::mkfifo(desk.submitted("work.zip").c_str(), 0644) == 0);
  const auto taken = take_submission(desk.submitted("work.zip"), desk.into());
  REQUIRE_FALSE(taken);
  CHECK(taken.error() == "\"" + desk.submitted("work.zip").string() + "\" is no regular file: put one in its place");
}
