// ./lab serve: the web application over one implementation, in this process's place. docs/guide/serve.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/lab/commands.hpp"

namespace lab::cli {

struct ServeOptions {
  std::string implementation = "fixed";  // buggy, fixed or work
  std::filesystem::path database;        // empty: build/serve/IMPLEMENTATION.sqlite
  std::vector<std::string> more;         // of the program's own options, as it takes them
  std::string lose;                      // instead of serving: make the server at this address lose updates
};

// Returns only where it could not begin: what serves, or loses, takes the place of this process, so that signals reach
// it.
Status serve(const Context& context, const ServeOptions& options);

}  // namespace lab::cli
