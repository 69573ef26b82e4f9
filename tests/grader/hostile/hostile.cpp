#include "tests/grader/hostile/hostile.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace lab::test {
namespace {

namespace fs = std::filesystem;

// What stands behind `key` at the beginning of a line; false if it does not begin so.
bool value_of(const std::string& line, const std::string& key, std::string& value) {
  if (!line.starts_with(key)) return false;
  value = line.substr(key.size());
  return true;
}

void insert_into(std::string& source, const std::string& function, const std::string& code) {
  // The definition, not a call: its line begins with a word.
  std::size_t at = source.find(function + "(");
  while (at != std::string::npos && source[source.rfind('\n', at) + 1] == ' ') at = source.find(function + "(", at + 1);
  const std::size_t open = at == std::string::npos ? at : source.find('{', at);
  if (open == std::string::npos) throw std::runtime_error("there is no function " + function + " to insert into");
  source.insert(open + 1, '\n' + code);
}

}  // namespace

std::string contents_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + " can't be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

Hostile read_hostile(const fs::path& file) {
  Hostile hostile;
  hostile.name = file.stem().string();
  std::istringstream in(contents_of(file));
  std::string line, verdict, place;
  if (!std::getline(in, line) || !value_of(line, "// tries: ", hostile.tries) || !std::getline(in, line) ||
      !value_of(line, "// verdict: ", verdict))
    throw std::runtime_error(file.string() + " does not begin with what it tries and with the verdict");
  std::istringstream words(verdict);
  words >> hostile.verdict;
  for (std::string word; words >> word;) hostile.arguments.push_back(word);
  const bool known = hostile.verdict == "refused" || hostile.verdict == "failed" || hostile.verdict == "points";
  if (!known || hostile.arguments.empty())
    throw std::runtime_error(file.string() + " has no verdict that README.md knows: " + verdict);

  hostile.pieces.push_back({"end", ""});
  while (std::getline(in, line)) {
    if (value_of(line, "// at: ", place) || value_of(line, "// into: ", place)) {
      hostile.pieces.push_back({place, ""});
    } else {
      hostile.pieces.back().code += line + '\n';
    }
  }
  return hostile;
}

std::vector<Hostile> read_all_hostile(const fs::path& folder) {
  std::vector<Hostile> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".cpp" && entry.path().stem() != "hostile")
      all.push_back(read_hostile(entry.path()));
  }
  std::sort(all.begin(), all.end(), [](const Hostile& a, const Hostile& b) { return a.name < b.name; });
  return all;
}

void make_submission(const Hostile& hostile, const fs::path& from, const fs::path& to) {
  std::string source = contents_of(from / "session_manager.cpp");
  std::string top, end;
  for (const Hostile::Piece& piece : hostile.pieces) {
    if (piece.place == "end") {
      end += piece.code;
    } else if (piece.place == "top") {
      top += piece.code;
    } else {
      std::istringstream places(piece.place);
      for (std::string function; std::getline(places >> std::ws, function, ',');)
        insert_into(source, function, piece.code);
    }
  }
  fs::remove_all(to);
  fs::create_directories(to);
  fs::copy_file(from / "session_manager.hpp", to / "session_manager.hpp");
  std::ofstream(to / "session_manager.cpp", std::ios::binary) << top << source << end;
}

}  // namespace lab::test
