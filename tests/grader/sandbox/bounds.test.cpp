// What a job can't use up.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <csignal>

#include "tests/grader/sandbox/support.hpp"

using namespace lab::grader;
using namespace lab::grader::test;
using Catch::Matchers::EndsWith;

TEST_CASE("a job that sleeps forever ends at its time", "[sandbox]") {
  Job job = probe({"sleep"});
  job.bounds.wall = 500ms;
  const Ended ended = each_sandbox().run(job);
  CHECK(ended.ran.started);
  CHECK(ended.ran.over_time);
  CHECK(ended.ran.signal == 0);
  CHECK_FALSE(ended.sandbox_broken);
}

TEST_CASE("a job that closes its streams and sleeps ends at its time", "[sandbox]") {
  Job job = probe({"close_and_sleep"});
  job.bounds.wall = 500ms;
  CHECK(each_sandbox().run(job).ran.over_time);
}

TEST_CASE("a job that loops ends when its processor time is up", "[sandbox]") {
  Job job = probe({"loop"});
  job.bounds.cpu = 1s;
  const Ended ended = each_sandbox().run(job);
  CHECK(ended.ran.signal == SIGXCPU);
  CHECK_FALSE(ended.ran.over_time);
}

TEST_CASE("a job that is no longer wanted ends", "[sandbox]") {
  int asked = 0;
  Job job = probe({"sleep"});
  job.unwanted = [&] { return ++asked == 5; };
  const Ended ended = each_sandbox().run(job);
  CHECK(ended.ran.cancelled);
  CHECK_FALSE(ended.over_memory);
  CHECK_FALSE(ended.ran.over_time);
  CHECK_FALSE(ended.sandbox_broken);
}

TEST_CASE("a job that takes all memory is ended for that", "[sandbox]") {
  const Ended ended = each_sandbox().run(probe({"memory", "1000"}));
  CHECK(ended.over_memory);
  CHECK_FALSE(ended.ran.cancelled);
  CHECK_FALSE(ended.sandbox_broken);
  CHECK(ended.why == "it used more than the 64 MiB of memory that it may");
}

TEST_CASE("the memory of a job's children counts together", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"memory_of_children", "4"})).over_memory);
}

TEST_CASE("memory that a job's children share counts once", "[sandbox]") {
  const Ended ended = each_sandbox().run(probe({"memory_shared_by_children", "4"}));
  CHECK_FALSE(ended.over_memory);
  CHECK(ended.ran.output == "shared\n");
}

TEST_CASE("of a job's flood of output only so much is kept, and it ends at its time", "[sandbox]") {
  Job job = probe({"output"});
  job.bounds.wall = 1s;
  const Ended ended = each_sandbox().run(job);
  CHECK(ended.ran.over_time);
  CHECK(ended.ran.output_cut);
  CHECK(ended.ran.output.size() == job.bounds.output_max);
}

TEST_CASE("a job's files grow no larger than they may", "[sandbox]") {
  const OpenFolder folder;
  Job job = probe({"fill", "file"});
  job.writable = folder.folder("written");
  CHECK(each_sandbox().run(job).ran.signal == SIGXFSZ);
  CHECK(std::filesystem::file_size(job.writable / "file") == job.bounds.file_max);
}

TEST_CASE("a job that may write nothing runs, and writes nothing", "[sandbox]") {
  const OpenFolder folder;
  Job job = probe({"fill", "file"});
  job.writable = folder.folder("written");
  job.bounds.file_max = 0;
  CHECK(each_sandbox().run(job).ran.signal == SIGXFSZ);
  CHECK(std::filesystem::file_size(job.writable / "file") == 0);
}

TEST_CASE("a job's forks are counted, and gone when it has ended", "[sandbox]") {
  const std::string mark = "marked-for-count-" + std::to_string(::getpid());
  const Ended ended = each_sandbox().run(probe({"count_forks", mark}));
  const int forks = std::stoi(ended.ran.output);
  CHECK(forks >= 19);
  CHECK(forks <= 21);
  CHECK_THAT(ended.ran.output, EndsWith(" EAGAIN\n"));
  CHECK_FALSE(is_running(mark));
}

TEST_CASE("a fork bomb ends at its time, and nothing of it is left", "[sandbox]") {
  const std::string mark = "marked-for-bomb-" + std::to_string(::getpid());
  Job job = probe({"bomb", mark});
  job.bounds.wall = 1s;
  const Ended ended = each_sandbox().run(job);
  CHECK(ended.ran.over_time);
  CHECK_FALSE(ended.sandbox_broken);
  CHECK_FALSE(is_running(mark));
}
