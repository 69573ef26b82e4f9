#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "tests/grader/submission/pack.hpp"

using namespace lab::grader;
using namespace lab::grader::test;

namespace fs = std::filesystem;

namespace {

// A folder that is handed in, and taken.
struct FolderDesk : Desk {
  fs::path folder = submitted("work");

  FolderDesk() { fs::create_directory(folder); }
  void put(const std::string& name, const std::string& text) const { write_file(folder / name, text); }
  void put_both(const std::string& below = "") const {
    put(below + "session_manager.hpp", "header");
    put(below + "session_manager.cpp", "source");
  }
  std::string error() const {
    const auto taken = take_submission(folder, into());
    return taken ? "taken from " + taken->folder : taken.error();
  }
  std::string quoted_folder() const { return "\"" + folder.string() + "\""; }
};

}  // namespace

TEST_CASE("both files are taken from a folder, and nothing else", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  desk.put("Session_Manager.cpp", "a twin by its name");
  desk.put("main.cpp", "more");
  CHECK(desk.error() == "taken from ");
  CHECK(text_of(desk.into() / "session_manager.hpp") == "header");
  CHECK(text_of(desk.into() / "session_manager.cpp") == "source");
  CHECK(std::distance(fs::directory_iterator(desk.into()), fs::directory_iterator()) == 2);
}

TEST_CASE("what is taken is a plain file, whatever the mask of the process", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  fs::permissions(desk.folder / "session_manager.cpp", fs::perms(04755));
  const mode_t before = ::umask(077);
  CHECK(desk.error() == "taken from ");
  ::umask(before);
  struct stat status {};
  REQUIRE(::lstat((desk.into() / "session_manager.cpp").c_str(), &status) == 0);
  CHECK(status.st_mode == (S_IFREG | 0644));
}

TEST_CASE("line ends and a byte order mark are kept as they are", "[submission]") {
  const FolderDesk desk;
  const std::string text("\xef\xbb\xbf#pragma once\r\n\0x\r", 19);
  desk.put_both();
  desk.put("session_manager.hpp", text);
  CHECK(desk.error() == "taken from ");
  CHECK(text_of(desk.into() / "session_manager.hpp") == text);
}

TEST_CASE("both files are taken from one folder below, beside what systems add", "[submission]") {
  const FolderDesk desk;
  desk.put_both("mine/");
  desk.put("__MACOSX/session_manager.cpp", "litter");
  desk.put(".git/session_manager.hpp", "litter");
  desk.put("mine/.DS_Store", "litter");
  desk.put("notes/readme.txt", "text");
  CHECK(desk.error() == "taken from mine");
}

TEST_CASE("two places are refused, and both named", "[submission]") {
  const FolderDesk desk;
  desk.put_both("one/");
  desk.put_both("two/");
  CHECK(desk.error() ==
        "both \"one/session_manager.cpp\" and \"two/session_manager.cpp\" are there: leave the one that counts");
  CHECK(desk.is_untouched());
}

TEST_CASE("files that lie apart are refused", "[submission]") {
  const FolderDesk desk;
  desk.put("one/session_manager.hpp", "header");
  desk.put("session_manager.cpp", "source");
  CHECK(desk.error() ==
        "\"one/session_manager.hpp\" and \"session_manager.cpp\" lie apart: put both files into one folder");
}

TEST_CASE("a file that is missing is named", "[submission]") {
  const FolderDesk desk;
  desk.put("session_manager.hpp", "header");
  CHECK(desk.error() == "there is no session_manager.cpp in " + desk.quoted_folder() +
                            ", at the top or in one folder: hand in both files");
  CHECK(desk.is_untouched());
}

TEST_CASE("files that lie too deep are named", "[submission]") {
  const FolderDesk desk;
  desk.put_both("one/two/");
  CHECK(desk.error() == "\"one/two/session_manager.hpp\" lies too deep in " + desk.quoted_folder() +
                            ": put both files at the top or in one folder");
}

TEST_CASE("a folder that is not there is named", "[submission]") {
  const Desk desk;
  const auto taken = take_submission("/nowhere/work", desk.into());
  REQUIRE_FALSE(taken);
  CHECK(taken.error() == "there is no \"/nowhere/work\": name a folder or an archive");
}

TEST_CASE("what is no regular file is refused, and not waited for", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  const fs::path source = desk.folder / "session_manager.cpp";
  fs::remove(source);
  std::string fault = "is no regular file: put one in its place";
  SECTION("a pipe") { REQUIRE(::mkfifo(source.c_str(), 0644) == 0); }
  SECTION("a folder") { fs::create_directory(source); }
  SECTION("a device") {
    if (::mknod(source.c_str(), S_IFCHR | 0644, 0) != 0) SKIP("this user makes no devices");
  }
  SECTION("a socket") {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, source.c_str(), sizeof address.sun_path - 1);
    const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(file);
  }
  SECTION("a link") {
    fs::create_symlink("/etc/passwd", source);
    fault = "is a link: put the file itself in its place";
  }
  SECTION("a second name of a file") {
    desk.put("other", "text");
    fs::create_hard_link(desk.folder / "other", source);
    fault = "is a link to a file: put a copy in its place";
  }
  CHECK(desk.error() == "\"session_manager.cpp\" " + fault);
  CHECK(desk.is_untouched());
}

TEST_CASE("a folder that is a link is not entered", "[submission]") {
  const FolderDesk desk;
  write_file(desk.submitted("elsewhere/session_manager.hpp"), "header");
  write_file(desk.submitted("elsewhere/session_manager.cpp"), "source");
  fs::create_directory_symlink(desk.submitted("elsewhere"), desk.folder / "linked");
  CHECK(desk.error().find("there is no session_manager.hpp") == 0);
}

TEST_CASE("a file is as large as it may be, and no larger", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  desk.put("session_manager.cpp", std::string(submission_file_max + 1, 'x'));
  CHECK(desk.error() == "\"session_manager.cpp\" is larger than 256 KiB: make it smaller");
  CHECK(desk.is_untouched());
  desk.put("session_manager.cpp", std::string(submission_file_max, 'x'));
  CHECK(desk.error() == "taken from ");
}

TEST_CASE("a folder of too many files is refused", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  for (std::size_t i = 0; i < submission_entries_max; ++i) desk.put("more/" + std::to_string(i), "");
  CHECK(desk.error() == desk.quoted_folder() + " holds more than 10000 files: hand in the two alone");
}

TEST_CASE("files that are there already are not replaced", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  write_file(desk.into() / "session_manager.cpp", "before");
  CHECK(desk.error() ==
        "the submission can't be copied to \"" + desk.into().string() + "\" (File exists): name a new folder");
  CHECK(text_of(desk.into() / "session_manager.cpp") == "before");
  CHECK_FALSE(fs::exists(desk.into() / "session_manager.hpp"));
}

TEST_CASE("a link in the place of a copy is not followed", "[submission]") {
  const FolderDesk desk;
  desk.put_both();
  fs::create_symlink(desk.submitted("victim"), desk.into() / "session_manager.hpp");
  CHECK(desk.error().find("can't be copied") != std::string::npos);
  CHECK_FALSE(fs::exists(desk.submitted("victim")));
}
