// The published matrix of bugs and tests.
//
//   matrix write PAGE FOLDER...        writes the page from the records in these folders
//   matrix check PAGE BUILD FOLDER     whether the page says of BUILD what the records in the folder say
//
// Exit status: 0 written, or the same · 1 faults, a sentence each · 2 usage · 3 a file can't be read or written.
#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/matrix/page.hpp"

using namespace lab::test;

namespace {

int write(const std::string& file, const std::vector<std::string>& folders) {
  std::vector<Record> all;
  for (const std::string& folder : folders) {
    const std::vector<Record> records = read_records(folder);
    if (records.empty()) throw std::runtime_error(folder + " has no records: run the tests of buggy in that build");
    all.insert(all.end(), records.begin(), records.end());
  }
  const std::string beside = file + ".new";
  {
    std::ofstream out(beside);
    out << page_of(all);
    if (!out.flush()) throw std::runtime_error("can't write " + beside);
  }
  std::filesystem::rename(beside, file);
  return 0;
}

int check(const std::string& file, const std::string& build, const std::string& folder) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("can't read " + file);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const std::vector<std::string> faults = faults_of(page, build, read_records(folder));
  for (const std::string& fault : faults) fmt::print("{}: {}\n", file, fault);
  return faults.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() >= 3 && words[0] == "write") return write(words[1], {words.begin() + 2, words.end()});
    if (words.size() == 4 && words[0] == "check") return check(words[1], words[2], words[3]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "matrix: {}\n", error.what());
    return 3;
  }
  fmt::print(stderr, "usage: matrix write PAGE FOLDER... | matrix check PAGE BUILD FOLDER\n");
  return 2;
}
