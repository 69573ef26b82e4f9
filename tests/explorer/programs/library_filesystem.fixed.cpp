// Files: each thread writes, reads and renames a file of its own in one temporary folder.
// expected: passed

#include <stdlib.h>

#include <cassert>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace {

namespace fs = std::filesystem;

void work(const fs::path& folder, const std::string& name) {
  const fs::path draft = folder / (name + ".draft");
  std::ofstream(draft) << "text of " << name << '\n';
  const fs::path final_file = folder / (name + ".txt");
  fs::rename(draft, final_file);

  std::string line;
  std::ifstream input(final_file);
  std::getline(input, line);
  assert(line == "text of " + name);
}

}  // namespace

int main() {
  std::string pattern = fs::temp_directory_path() / "library_filesystem.XXXXXX";
  const char* created = mkdtemp(pattern.data());  // Replaces the XXXXXX by a name that nobody else has.
  assert(created != nullptr);
  const fs::path folder = created;

  std::thread first(work, folder, "first");
  std::thread second(work, folder, "second");
  first.join();
  second.join();

  int files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    assert(entry.path().extension() == ".txt");
    ++files;
  }
  assert(files == 2);
  const auto removed = fs::remove_all(folder);
  assert(removed == 3);  // Both files and the folder.
}
