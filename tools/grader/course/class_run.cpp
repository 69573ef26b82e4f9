#include "tools/grader/course/class_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tools/grader/formats/class_page.hpp"
#include "tools/grader/formats/differences.hpp"
#include "tools/grader/formats/gradebook.hpp"
#include "tools/grader/formats/page.hpp"
#include "tools/grader/judging/parallel.hpp"
#include "tools/process/file_lock.hpp"

namespace lab::grader {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::array archives = {".zip", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"};

// Beside, and then in its place: who reads it never sees half of it.
void write(const fs::path& file, const std::string& text) {
  const fs::path beside = file.string() + ".new" + std::to_string(::getpid());
  {
    std::ofstream out(beside, std::ios::binary);
    out << text;
    if (!out.flush())
      throw std::runtime_error("can't write " + file.string() +
                               ": name a folder that has room, and that you may write to");
  }
  fs::rename(beside, file);
}

json read(const fs::path& file) {
  std::ifstream in(file);
  return json::parse(in, nullptr, false);
}

bool is_judged(const json& report) {
  if (!report.is_object()) return false;
  const auto verdict = report.find("verdict");
  return verdict != report.end() && (*verdict == "passed" || *verdict == "failed");
}

std::string text_of(const json& report) { return report.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }

class Run {
public:
  Run(const Judgement& judgement, std::vector<fs::path> submissions, const ClassOptions& options)
      : judgement_(judgement), submissions_(std::move(submissions)), options_(options), reports_(submissions_.size()) {}

  ClassRun all() {
    for (const char* const folder : {"reports", "pages", "previous"}) fs::create_directories(options_.out / folder);
    const process::FileLock lock(options_.out / ".lock");
    const std::size_t workers =
        options_.workers != 0 ? options_.workers : std::max(std::thread::hardware_concurrency(), 1u);
    in_parallel(submissions_.size(), workers, [&](std::size_t at) {
      try {
        one(at);
      } catch (const std::exception& error) {
        const std::lock_guard hold(mutex_);
        if (fault_.empty()) fault_ = error.what();
      }
    });
    if (!fault_.empty()) throw std::runtime_error(fault_);
    summarize();
    return counts_;
  }

private:
  fs::path report_of(const fs::path& submission) const {
    return options_.out / "reports" / (submission.filename().string() + ".json");
  }

  void one(std::size_t at) {
    if (options_.each.unwanted && options_.each.unwanted()) return;
    const fs::path& submission = submissions_[at];
    const std::string name = submission.filename().string();
    const fs::path file = report_of(submission);
    const json before = read(file);
    const bool keep = !options_.again && is_judged(before) && before.contains("fingerprint") &&
                      before["fingerprint"] == judgement_.fingerprint(submission);
    json report = keep ? before : json();
    for (unsigned i = 0; !keep && i <= options_.retries && !is_judged(report); ++i)
      report = judgement_.grade(submission);
    if (!keep) {
      // What was given up, because the run was, is no verdict to keep.
      if (options_.each.unwanted && options_.each.unwanted()) return;
      report["subject"] = name;
      if (is_judged(before)) write(options_.out / "previous" / file.filename(), text_of(before));
      write(options_.out / "pages" / (name + ".html"), formats::page(report));
      write(file, text_of(report));
    }
    const std::lock_guard lock(mutex_);
    const std::string verdict = report.value("verdict", "could_not_judge");
    ++(verdict == "passed" ? counts_.passed : verdict == "failed" ? counts_.failed : counts_.could_not_judge);
    counts_.kept += keep ? 1 : 0;
    reports_[at] = report;
    if (options_.progress) options_.progress(++done_, submissions_.size(), name, report);
  }

  void summarize() const {
    std::vector<json> now, before;
    for (std::size_t at = 0; at < reports_.size(); ++at) {
      if (reports_[at].is_null()) continue;
      now.push_back(reports_[at]);
      const json previous = read(options_.out / "previous" / report_of(submissions_[at]).filename());
      if (previous.is_object()) before.push_back(previous);
    }
    formats::ClassPageOptions page_options;
    page_options.title = fs::absolute(options_.out).filename().string();
    if (before.empty()) {
      write(options_.out / "gradebook.csv", formats::gradebook(now));
      write(options_.out / "class.html", formats::class_page(now, page_options));
      return;
    }
    write(options_.out / "gradebook.csv", formats::gradebook(now, before));
    write(options_.out / "class.html", formats::class_page(now, before, page_options));
    write(options_.out / "differences.json", formats::differences(before, now));
  }

  const Judgement& judgement_;
  const std::vector<fs::path> submissions_;
  const ClassOptions& options_;
  std::mutex mutex_;
  std::vector<json> reports_;
  ClassRun counts_;
  std::size_t done_ = 0;
  std::string fault_;
};

}  // namespace

tl::expected<std::vector<fs::path>, std::string> submissions_in(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> all;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(".")) continue;
    std::error_code ignored;
    const bool is_archive =
        std::any_of(archives.begin(), archives.end(), [&](const char* ending) { return name.ends_with(ending); });
    if (entry->is_directory(ignored) || is_archive) all.push_back(entry->path());
  }
  if (error) return tl::unexpected("can't read the folder " + folder.string() + ": " + error.message());
  if (all.empty())
    return tl::unexpected(folder.string() + " has no submissions: each is a folder or an archive of its own in it");
  std::sort(all.begin(), all.end());
  return all;
}

tl::expected<ClassRun, std::string> grade_class(const Judgement& judgement, const fs::path& folder,
                                                const ClassOptions& options) {
  auto submissions = submissions_in(folder);
  if (!submissions) return tl::unexpected(submissions.error());
  try {
    return Run(judgement, std::move(*submissions), options).all();
  } catch (const std::exception& error) {
    return tl::unexpected(error.what());
  }
}

tl::expected<ClassRun, std::string> grade_class(const Grader& grader, const fs::path& folder,
                                                const ClassOptions& options) {
  const Judgement judgement{[&](const fs::path& submission) { return grader.grade(submission, options.each); },
                            [&](const fs::path& submission) { return grader.fingerprint(submission); }};
  return grade_class(judgement, folder, options);
}

}  // namespace lab::grader
