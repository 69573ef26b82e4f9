// Keeps the documents true: shown code is compiled code, quoted code is there, links lead somewhere, every bug has its
// entry.
//
//   snippets ROOT           checks; prints one sentence a fault
//   snippets --write ROOT   copies the regions into the pages first
//
// Exit status: 0 no fault · 1 faults, or a file that can't be read or written · 2 usage.
//
// A page includes a region by a comment in front of a fenced block. In the sample the region's lines stand
// between two marks; the indentation that all of them share is left out:
//
//   <!-- sample: docs/samples/FILE.cpp region-name -->         // [region-name]
//   ```cpp                                                     …
//   …                                                          // [region-name end]
//   ```
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

constexpr std::string_view quick_start = "docs/tutorial/quick-start.md";
constexpr std::string_view bug_catalogue = "docs/reference/bugs.md";
constexpr std::string_view analysis = "docs/explanation/technical-analysis.md";
constexpr std::string_view exercises = "exercises/";
constexpr std::string_view marked_source = "buggy/session_manager.cpp";
constexpr int bugs = 11;

std::optional<Lines> read_lines(const fs::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Written beside and renamed, so that nobody ever sees half a page.
bool write_lines(const fs::path& path, const Lines& lines) {
  fs::path beside = path;
  beside += ".new";
  {
    std::ofstream file(beside);
    for (const std::string& line : lines) file << line << '\n';
    file.close();
    if (!file) return false;
  }
  std::error_code failed;
  fs::rename(beside, path, failed);
  return !failed;
}

std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

bool is_fence(const std::string& line) { return line.rfind("```", 0) == 0; }

// Without the indentation that all lines but the empty ones share.
Lines without_common_indentation(Lines lines) {
  std::size_t shared = std::string::npos;
  for (const std::string& line : lines) {
    if (!trimmed(line).empty()) shared = std::min(shared, line.find_first_not_of(' '));
  }
  for (std::string& line : lines) line = trimmed(line).empty() ? std::string() : line.substr(shared);
  return lines;
}

// The heading's anchor, as GitHub makes it: lower case, spaces to hyphens, other punctuation dropped. A second
// heading of the same text gets "-1", and so on.
class Anchors {
public:
  void add(const std::string& heading) {
    std::string anchor;
    for (const char c : heading) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ') anchor += '-';
      if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80) {
        anchor += static_cast<char>(std::tolower(byte));
      }
    }
    const std::size_t earlier = seen_[anchor]++;
    if (earlier > 0) anchor += '-' + std::to_string(earlier);
    anchors_.insert(anchor);
  }
  bool has(const std::string& anchor) const { return anchors_.contains(anchor); }

private:
  std::map<std::string, std::size_t> seen_;
  std::set<std::string> anchors_;
};

// The text of a heading line, or nothing.
std::optional<std::string> heading_of(const std::string& line) {
  const std::size_t level = line.find_first_not_of('#');
  if (level == 0 || level == std::string::npos || level > 6 || line[level] != ' ') return std::nullopt;
  return trimmed(line.substr(level));
}

std::vector<std::string> matches(const std::string& line, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match(line.begin(), line.end(), pattern), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

class Checker {
public:
  Checker(fs::path root, bool write) : root_(std::move(root)), write_(write) {}

  int run() {
    for (const std::string& page : pages()) {
      check_blocks(page);
      check_links(page);
      if (page == analysis || page.starts_with(exercises)) check_quotations(page);
    }
    check_bugs();
    return faults_ == 0 ? 0 : 1;
  }

private:
  void fault(std::string_view file, std::size_t line, const std::string& sentence) {
    fmt::print("{}:{}: {}\n", file, line, sentence);
    ++faults_;
  }

  // Every .md of the root, below docs/ and of the exercises' folders, relative to the root.
  std::vector<std::string> pages() {
    std::vector<std::string> found;
    const auto keep = [&](const fs::directory_entry& entry) {
      if (entry.path().extension() == ".md") found.push_back(fs::relative(entry.path(), root_).generic_string());
    };
    for (const auto& entry : fs::directory_iterator(root_)) keep(entry);
    if (fs::exists(root_ / "docs")) {
      for (const auto& entry : fs::recursive_directory_iterator(root_ / "docs")) keep(entry);
    }
    if (fs::exists(root_ / exercises)) {
      for (const auto& folder : fs::directory_iterator(root_ / exercises)) {
        // A student's copies, work and work.N, may hold notes.
        if (!folder.is_directory() || folder.path().filename().string().starts_with("work")) continue;
        for (const auto& entry : fs::directory_iterator(folder)) keep(entry);
      }
    }
    std::sort(found.begin(), found.end());
    for (const std::string_view wanted : {std::string_view("README.md"), quick_start, bug_catalogue}) {
      if (std::find(found.begin(), found.end(), wanted) == found.end()) {
        fault(wanted, 1, "the page is missing; write it");
      }
    }
    return found;
  }

  // The lines of a region, or nothing after a fault at `place`.
  std::optional<Lines> region(const std::string& page, std::size_t place, const std::string& file,
                              const std::string& name) {
    const auto lines = read_lines(root_ / file);
    if (!lines) {
      fault(page, place, "the sample " + file + " can't be read; correct its name");
      return std::nullopt;
    }
    const auto at = [&](const std::string& mark) {
      return std::find_if(lines->begin(), lines->end(), [&](const std::string& line) { return trimmed(line) == mark; });
    };
    const auto begin = at("// [" + name + "]");
    const auto end = at("// [" + name + " end]");
    if (begin == lines->end() || end == lines->end() || end < begin) {
      fault(page, place, file + " has no region " + name + "; mark it there, or correct its name here");
      return std::nullopt;
    }
    return without_common_indentation(Lines(begin + 1, end));
  }

  void check_blocks(const std::string& page) {
    static const std::regex marker("^<!-- sample: (\\S+) (\\S+) -->$");
    const auto read = read_lines(root_ / page);
    if (!read) return fault(page, 1, "the page can't be read; make it readable");
    const Lines& lines = *read;
    Lines written;
    bool marked = false;  // the line before was a marker
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::smatch include;
      written.push_back(lines[i]);
      if (std::regex_match(lines[i], include, marker)) {
        if (i + 1 == lines.size() || lines[i + 1] != "```cpp") {
          fault(page, i + 1, "no block follows this marker; put a line ```cpp right below it");
          continue;
        }
        const auto wanted = region(page, i + 1, include[1], include[2]);
        const std::size_t end = end_of_block(lines, i + 1);
        written.push_back(lines[i + 1]);
        const Lines shown(lines.begin() + static_cast<std::ptrdiff_t>(i) + 2,
                          lines.begin() + static_cast<std::ptrdiff_t>(end));
        if (wanted && *wanted != shown && !write_) {
          fault(page, i + 2,
                "the block is not region " + include[2].str() + " of " + include[1].str() + "; run snippets --write");
        }
        const Lines& kept = wanted ? *wanted : shown;
        written.insert(written.end(), kept.begin(), kept.end());
        if (end < lines.size()) written.push_back(lines[end]);
        i = end;
        marked = false;
        continue;
      }
      if (!is_fence(lines[i])) continue;
      if (page == quick_start && lines[i] == "```cpp" && !marked) {
        fault(page, i + 1, "this code is not included from a sample; put <!-- sample: FILE REGION --> above it");
      }
      const std::size_t end = end_of_block(lines, i);
      for (++i; i <= end && i < lines.size(); ++i) written.push_back(lines[i]);
      i = end;
    }
    if (write_ && written != lines && !write_lines(root_ / page, written)) {
      fault(page, 1, "the page can't be written; make its folder writable");
    }
  }

  // The line that closes the block opened at `begin`, or the number of lines.
  static std::size_t end_of_block(const Lines& lines, std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < lines.size() && !is_fence(lines[end])) ++end;
    return end;
  }

  // The page's lines with the insides of fenced blocks empty, and the code spans of the rest too if asked.
  static Lines prose(Lines lines, bool without_spans) {
    static const std::regex span("`[^`]*`");
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (is_fence(lines[i])) {
        const std::size_t end = end_of_block(lines, i);
        for (; i <= end && i < lines.size(); ++i) lines[i].clear();
        --i;
      } else if (without_spans) {
        lines[i] = std::regex_replace(lines[i], span, "``");
      }
    }
    return lines;
  }

  const Anchors& anchors(const fs::path& page) {
    const auto [place, fresh] = anchors_.try_emplace(page.lexically_normal().generic_string());
    if (fresh) {
      for (const std::string& line : prose(read_lines(page).value_or(Lines()), false)) {
        if (const auto heading = heading_of(line)) place->second.add(*heading);
      }
    }
    return place->second;
  }

  void check_links(const std::string& page) {
    static const std::regex link(R"(\]\(([^)\s]+)\))");
    const auto read = read_lines(root_ / page);
    if (!read) return;
    const Lines lines = prose(*read, true);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (const std::string& target : matches(lines[i], link)) {
        if (target.find(':') != std::string::npos) continue;  // http:, https:, mailto:
        const std::size_t hash = target.find('#');
        const std::string file = target.substr(0, hash);
        const fs::path here = root_ / page;
        const fs::path there = file.empty() ? here : here.parent_path() / file;
        if (!fs::exists(there)) {
          fault(page, i + 1, "the link " + target + " leads to no file; correct it");
        } else if (hash != std::string::npos && !anchors(there).has(target.substr(hash + 1))) {
          fault(page, i + 1, "the link " + target + " leads to no heading of that page; correct it");
        }
      }
    }
  }

  void check_bugs() {
    const auto source = read_lines(root_ / marked_source);
    if (!source) return fault(marked_source, 1, "the file can't be read; the bugs are marked there");
    const Lines catalogue = prose(read_lines(root_ / bug_catalogue).value_or(Lines()), false);
    for (int bug = 1; bug <= bugs; ++bug) {
      const std::string name = "B" + std::to_string(bug);
      const std::regex mark("BUG " + name + "\\b");
      const std::regex entry("^#+ " + name + "\\b.*");
      const auto marked = std::find_if(source->begin(), source->end(),
                                       [&](const std::string& line) { return std::regex_search(line, mark); });
      if (marked == source->end()) {
        fault(marked_source, 1, "no line is marked BUG " + name + "; mark the place of that bug");
        continue;
      }
      const bool covered = std::any_of(catalogue.begin(), catalogue.end(),
                                       [&](const std::string& line) { return std::regex_match(line, entry); });
      if (!covered) {
        fault(marked_source, static_cast<std::size_t>(marked - source->begin()) + 1,
              "BUG " + name + " has no entry in " + std::string(bug_catalogue) + "; add a heading " + name);
      }
    }
  }

  // The lines of an implementation, one after the other, without their indentation.
  std::string code_of(const std::string& implementation) const {
    std::string code;
    for (const char* const file : {"/session_manager.cpp", "/session_manager.hpp"}) {
      for (const std::string& line : read_lines(root_ / (implementation + file)).value_or(Lines()))
        code.append(trimmed(line)).append(1, ' ');
    }
    return code;
  }

  // A code span that ends with ';', assigns or begins a condition is a quotation; a name, a mark and a call that
  // somebody makes are none. An exercise's page speaks of the handout, up to its debrief's "What fixed does". What is
  // quoted there, or in the analysis, some implementation has to have.
  void check_quotations(const std::string& page) {
    static const std::regex span("`([^`]+)`");
    static const std::regex quotation(".+;|.+ =( .+)?|if \\(.+");
    static const std::regex bar(R"(\\\|)");  // as a table has to write it
    const Lines lines = prose(read_lines(root_ / page).value_or(Lines()), false);
    bool of_handout = page.starts_with(exercises);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i] == "## What fixed does") of_handout = false;
      for (const std::string& written : matches(lines[i], span)) {
        const std::string code = std::regex_replace(written, bar, "|");
        if (!std::regex_match(code, quotation) || buggy_.find(code) != std::string::npos) continue;
        if (!of_handout && fixed_.find(code) != std::string::npos) continue;
        fault(page, i + 1,
              fmt::format("`{}` is {} any more; quote it anew", code,
                          of_handout ? "not in buggy/" : "in neither buggy/ nor fixed/"));
      }
    }
  }

  const fs::path root_;
  const bool write_;
  std::size_t faults_ = 0;
  std::map<std::string, Anchors> anchors_;
  const std::string buggy_ = code_of("buggy");
  const std::string fixed_ = code_of("fixed");
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool write = !arguments.empty() && arguments.front() == "--write";
  if (arguments.size() != (write ? 2U : 1U) || !fs::is_directory(arguments.back())) {
    fmt::print(stderr, "usage: snippets [--write] ROOT, where ROOT is the folder that holds README.md and docs/\n");
    return 2;
  }
  try {
    return Checker(arguments.back(), write).run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "snippets: {}\n", error.what());
    return 1;
  }
}
