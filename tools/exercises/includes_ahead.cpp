#include "tools/exercises/includes_ahead.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <utility>

#include "tools/process/file_lock.hpp"

namespace lab::exercises {

namespace fs = std::filesystem;

namespace {

// Those stay that were made or used last. Whoever is about to use one that goes compiles without it.
void remove_oldest(const fs::path& folder, std::size_t kept) {
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    all.emplace_back(fs::last_write_time(at->path(), error), at->path());
  std::sort(all.begin(), all.end(), std::greater<>());
  for (std::size_t i = kept; i < all.size(); ++i) fs::remove_all(all[i].second, error);
}

}  // namespace

fs::path includes_ahead(const fs::path& folder, const std::string& includes, const std::vector<std::string>& compile,
                        const fs::path& headers, const CompileIn& compile_in, fs::file_time_type since) {
  if (includes.empty()) return {};
  std::string key = includes;
  for (const std::string& word : compile) key += word + '\0';
  const fs::path own = folder / fmt::format("{:016x}", std::hash<std::string>()(key));
  const fs::path made = own / "includes.pch", source = own / "includes.hpp", fresh = own / "includes.new";
  std::error_code error;
  if (!fs::create_directories(own, error) && error) return {};
  const process::FileLock lock(own / "lock");
  if (fs::exists(made, error) && fs::last_write_time(made, error) >= since && !error) {
    fs::last_write_time(own, fs::file_time_type::clock::now(), error);
    return made;
  }
  std::ofstream(source) << includes;
  std::vector<std::string> words = compile;
  words.insert(words.end(),
               {"-Xclang", "-fpch-instantiate-templates", "-x", "c++-header", "-o", fresh.string(), source.string()});
  if (!compile_in(words, own, {headers}).ok()) return {};
  fs::rename(fresh, made, error);
  if (error) return {};
  remove_oldest(folder, includes_ahead_max);
  return made;
}

}  // namespace lab::exercises
