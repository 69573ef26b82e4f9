// A folder of submissions is graded once each, also across ends of the run, and again when something has changed.
#include "tools/grader/course/class_run.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "tools/process/content.hpp"
#include "tools/process/folder.hpp"

using namespace lab::grader;
using lab::process::content_of;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

json report(const std::string& verdict, int points) {
  const bool judged = verdict != "could_not_judge";
  return {{"schema", 1},
          {"subject", "a long path"},
          {"verdict", verdict},
          {"points", judged ? json(points) : json()},
          {"points_max", 100},
          {"fingerprint", "print"},
          {"reasons", json::array()},
          {"judges", json::array()},
          {"warnings", json::array()},
          {"exercises", json::array({{{"id", "01"},
                                      {"bug", "B1"},
                                      {"name", "n"},
                                      {"title", "t"},
                                      {"verdict", verdict},
                                      {"points", judged ? json(points) : json()},
                                      {"points_max", 100},
                                      {"reasons", json::array()},
                                      {"also_seen", json::array()},
                                      {"evidence", json::array()}}})}};
}

// Three submissions, and a judgement that counts how often it was asked for each.
struct School {
  School() {
    for (const char* const name : {"ada", "ben", "eve"})
      write(folder.path() / "in" / name / "session_manager.cpp", name);
    options.out = folder.path() / "out";
    options.workers = 2;
    judgement.fingerprint = [this](const fs::path&) { return print; };
    judgement.grade = [this](const fs::path& submission) {
      const std::lock_guard lock(mutex);
      const std::string name = submission.filename().string();
      ++asked[name];
      json one = answers.contains(name) ? answers[name] : report("passed", 100);
      one["fingerprint"] = print;
      return one;
    };
  }

  ClassRun run() {
    const auto ran = grade_class(judgement, folder.path() / "in", options);
    REQUIRE(ran.has_value());
    return *ran;
  }

  const lab::process::Folder folder{"lab-class"};
  ClassOptions options;
  Judgement judgement;
  std::mutex mutex;
  std::map<std::string, unsigned> asked;
  std::map<std::string, json> answers;
  std::string print = "print";
};

}  // namespace

TEST_CASE("each submission has a report, a page, and its line in the gradebook") {
  School school;
  school.answers["ben"] = report("failed", 40);
  const ClassRun ran = school.run();
  CHECK(ran.passed == 2);
  CHECK(ran.failed == 1);
  CHECK(ran.kept == 0);
  const std::string gradebook = content_of(school.options.out / "gradebook.csv");
  for (const char* const name : {"ada", "ben", "eve"}) {
    CHECK(json::parse(content_of(school.options.out / "reports" / (std::string(name) + ".json")))["subject"] == name);
    CHECK(fs::exists(school.options.out / "pages" / (std::string(name) + ".html")));
    CHECK(gradebook.find(name) != std::string::npos);
    CHECK(content_of(school.options.out / "class.html").find(name) != std::string::npos);
  }
  CHECK(gradebook.find("ben,failed,40") != std::string::npos);
}

TEST_CASE("a second run keeps the reports of what has not changed") {
  School school;
  school.run();
  const ClassRun ran = school.run();
  CHECK(ran.kept == 3);
  CHECK(school.asked == std::map<std::string, unsigned>{{"ada", 1}, {"ben", 1}, {"eve", 1}});
}

TEST_CASE("a run that was ended goes on with what has no whole report") {
  School school;
  school.run();
  fs::remove(school.options.out / "reports/ben.json");
  write(school.options.out / "reports/eve.json", "{ \"schema\": 1, \"verd");
  write(school.options.out / "reports/eve.json.new123", "{");
  CHECK(school.run().kept == 1);
  CHECK(school.asked == std::map<std::string, unsigned>{{"ada", 1}, {"ben", 2}, {"eve", 2}});
}

TEST_CASE("a report that somebody has spoiled is none") {
  School school;
  school.run();
  write(school.options.out / "reports/ada.json", "[]");
  write(school.options.out / "reports/ben.json", R"({"verdict": 1, "fingerprint": "print"})");
  write(school.options.out / "reports/eve.json", R"({"verdict": "excellent", "fingerprint": "print"})");
  CHECK(school.run().kept == 0);
}

TEST_CASE("a run that is given up keeps no verdict of what was being graded") {
  School school;
  std::atomic<bool> unwanted{false};
  school.options.workers = 1;
  school.options.each.unwanted = [&] { return unwanted.load(); };
  school.judgement.grade = [&](const fs::path&) {
    unwanted = true;
    return report("could_not_judge", 0);
  };
  (void)school.run();
  CHECK(fs::is_empty(school.options.out / "reports"));
}

TEST_CASE("what has changed since is graded again") {
  School school;
  school.run();
  school.print = "another";
  CHECK(school.run().kept == 0);
}

TEST_CASE("what could not be judged is tried three times, and again by the next run") {
  School school;
  school.answers["ben"] = report("could_not_judge", 0);
  CHECK(school.run().could_not_judge == 1);
  CHECK(school.asked["ben"] == 3);
  school.answers.clear();
  const ClassRun ran = school.run();
  CHECK(ran.passed == 3);
  CHECK(ran.kept == 2);
}

TEST_CASE("what is graded again keeps the report before, and the differences say what changed") {
  School school;
  school.run();
  school.answers["eve"] = report("failed", 60);
  school.options.again = true;
  school.run();
  CHECK(json::parse(content_of(school.options.out / "previous/eve.json"))["points"] == 100);
  const json differences = json::parse(content_of(school.options.out / "differences.json"));
  CHECK(differences["worse"] == 1);
  CHECK(differences["same"] == 2);
  CHECK(differences["submissions"][0]["subject"] == "eve");
}

TEST_CASE("an output folder that is a file is a sentence") {
  School school;
  write(school.options.out, "a file");
  const auto ran = grade_class(school.judgement, school.folder.path() / "in", school.options);
  REQUIRE_FALSE(ran.has_value());
  CHECK(ran.error().find(school.options.out.string()) != std::string::npos);
}

TEST_CASE("folders and archives are submissions, by name; what begins with a dot and other files are none") {
  const lab::process::Folder folder("lab-class");
  fs::create_directories(folder.path() / "zoe");
  fs::create_directories(folder.path() / ".git");
  for (const char* const name : {"ada.zip", "ben.tar.gz", "notes.txt", ".hidden.zip"}) write(folder.path() / name, "");
  const auto all = submissions_in(folder.path());
  REQUIRE(all.has_value());
  std::vector<std::string> names;
  for (const fs::path& one : *all) names.push_back(one.filename().string());
  CHECK(names == std::vector<std::string>{"ada.zip", "ben.tar.gz", "zoe"});
}

TEST_CASE("a folder without submissions, or none at all, is a sentence") {
  const lab::process::Folder folder("lab-class");
  const std::string path = folder.path().string();
  CHECK(submissions_in(path).error() == path + " has no submissions: each is a folder or an archive of its own in it");
  CHECK(submissions_in(path + "/none").error() == "can't read the folder " + path + "/none: No such file or directory");
}
