// Which files a job sees, and which it can change.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/grader/sandbox/support.hpp"

using namespace lab::grader;
using namespace lab::grader::test;

namespace fs = std::filesystem;

namespace {

std::string read(const Sandbox& sandbox, const fs::path& path, const std::vector<fs::path>& shown = {}) {
  Job job = probe({"read", path});
  job.shown = shown;
  return sandbox.run(job).ran.output;
}

}  // namespace

TEST_CASE("a job reads what it is shown, and not what lies beside it", "[sandbox]") {
  const OpenFolder folder;
  const fs::path shown = folder.write("shown", "text");
  const fs::path secret = folder.write("secret", "secret");
  const Tier tier = each_tier();
  const Sandbox& sandbox = sandbox_of(tier);
  CHECK(read(sandbox, shown, {shown}) == "open: done\ntext");
  CHECK(read(sandbox, secret, {shown}) == (tier == Tier::namespaces ? "open: ENOENT\n" : "open: EACCES\n"));
  CHECK(read(sandbox, secret, {folder.path()}) == "open: done\nsecret");
}

TEST_CASE("without Landlock a job of the second tier does not read what is root's alone", "[sandbox]") {
  const OpenFolder folder;
  const fs::path secret = folder.write("secret", "secret");
  const Sandbox sandbox = open_sandbox(Tier::own_user, {.landlock = false});
  CHECK(read(sandbox, secret) == "open: done\nsecret");
  ::chmod(folder.path().c_str(), 0700);
  CHECK(read(sandbox, secret) == "open: EACCES\n");
}

TEST_CASE("a job in namespaces that can't reach what it is shown is a broken sandbox", "[sandbox]") {
  if (::geteuid() != 0) SKIP("as who makes the folder, it can");
  const OpenFolder folder;
  const fs::path shown = folder.write("shown", "text");
  ::chmod(folder.path().c_str(), 0700);
  Job job = probe({"read", shown});
  job.shown = {shown};
  const Ended ended = sandbox_of(Tier::namespaces).run(job);
  CHECK(ended.sandbox_broken);
  CHECK(ended.why ==
        "the sandbox did not start: bwrap: Can't find source path " + shown.string() + ": Permission denied");
}

TEST_CASE("a job of the second tier that can't reach what it is shown is a broken sandbox", "[sandbox]") {
  const OpenFolder folder;
  const fs::path shown = folder.write("shown", "text");
  ::chmod(folder.path().c_str(), 0700);
  Job job = probe({"read", shown});
  job.shown = {shown};
  const Ended ended = sandbox_of(Tier::own_user).run(job);
  CHECK(ended.sandbox_broken);
  CHECK(ended.why ==
        shown.string() +
            " can't be read by the job's account, who has to be able to pass all folders on the way to it: "
            "Permission denied");
}

TEST_CASE("a job does not read what only root may", "[sandbox]") {
  const std::string found = read(each_sandbox(), "/etc/shadow");
  CHECK((found == "open: ENOENT\n" || found == "open: EACCES\n"));
}

TEST_CASE("a job changes its folder, and no other", "[sandbox]") {
  const OpenFolder folder;
  const fs::path shown = folder.folder("shown");
  ::chmod(shown.c_str(), 0777);
  const fs::path written = folder.folder("written");
  const Sandbox& sandbox = each_sandbox();
  const auto write_to = [&](const fs::path& path) {
    Job job = probe({"write", path});
    job.shown = {shown};
    job.writable = written;
    return sandbox.run(job).ran.output;
  };
  CHECK(write_to("relative") == "open: done\nwrite: done\n");
  CHECK(text_of(written / "relative") == "written");
  CHECK(write_to(written / "absolute") == "open: done\nwrite: done\n");
  CHECK(write_to(written / "absolute") == "open: done\nwrite: done\n");
  for (const fs::path& path : {shown / "file", fs::path("/file"), fs::path("/usr/file"), fs::path("/dev/shm/file"),
                               fs::path("/var/tmp/file")}) {
    const std::string found = write_to(path);
    INFO(path << " " << found);
    CHECK((found == "open: EROFS\n" || found == "open: EACCES\n" || found == "open: ENOENT\n"));
  }
}

TEST_CASE("a job's folder is root's again when it has ended", "[sandbox]") {
  if (::geteuid() != 0) SKIP("only root gives accounts");
  const OpenFolder folder;
  Job job = probe({"write", "file"});
  job.writable = folder.folder("written");
  (void)each_sandbox().run(job);
  struct stat status {};
  for (const fs::path& path : {job.writable, job.writable / "file"}) {
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    CHECK(status.st_uid == 0);
  }
}

TEST_CASE("a file of several names keeps its owner when a job's folder is lent", "[sandbox]") {
  const OpenFolder folder;
  const fs::path elsewhere = folder.write("elsewhere", "mine");
  const fs::path written = folder.folder("written");
  fs::create_hard_link(elsewhere, written / "linked");
  Job job = probe({"write", "linked"});
  job.writable = written;
  if (::geteuid() != 0) SKIP("only root gives accounts");
  CHECK(each_sandbox().run(job).ran.output == "open: EACCES\n");
  CHECK(text_of(elsewhere) == "mine");
}

TEST_CASE("a link in a job's folder is not followed when that is lent", "[sandbox]") {
  if (::geteuid() != 0) SKIP("only root gives accounts");
  const OpenFolder folder;
  const fs::path elsewhere = folder.write("elsewhere", "mine");
  Job job = probe({"write", "linked"});
  job.writable = folder.folder("written");
  fs::create_symlink(elsewhere, job.writable / "linked");
  (void)each_sandbox().run(job);
  CHECK(text_of(elsewhere) == "mine");
  struct stat status {};
  REQUIRE(::lstat(elsewhere.c_str(), &status) == 0);
  CHECK(status.st_uid == 0);
}

TEST_CASE("a job without a folder has a temporary one, which is private and then gone", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  CHECK(sandbox.run(probe({"write", "left"})).ran.output == "open: done\nwrite: done\n");
  CHECK(read(sandbox, "left") == "open: ENOENT\n");
  CHECK_FALSE(fs::exists("/tmp/left"));
}

TEST_CASE("in namespaces all temporary files together are no larger than one may be", "[sandbox]") {
  Job job = probe({"fill", "/tmp/file"});
  job.bounds.file_max = 1 << 20;
  const Ended ended = sandbox_of(Tier::namespaces).run(job);
  // Its limit of size comes first for one file.
  CHECK((ended.ran.output == "write: ENOSPC\n" || ended.ran.signal != 0));
}
