// A new, empty folder among the machine's temporary files, for this user alone; gone with all that is in it at its
// owner's end. Each is another's. A process that is killed leaves it behind.
#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace lab::process {

class Folder {
public:
  // `name` begins the folder's name, for who finds it. Throws std::system_error if it can't be made.
  explicit Folder(const std::string& name) {
    std::string path = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "no folder can be made as " + path);
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

}  // namespace lab::process
