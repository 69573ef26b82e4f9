// The commands behind ./lab, one file each. Each prints to standard output, and returns a Status.
#pragma once

#include <filesystem>
#include <string>

#include "tools/lab/status.hpp"

namespace lab::cli {

struct Context {
  std::filesystem::path root;  // of the checkout
};

struct DemoOptions {
  int rounds = 20;
  std::filesystem::path json;      // where to write the report; empty: nowhere
  std::filesystem::path timeline;  // a folder for the pages of the explained bug; empty: none are written
};
Status demo(const Context& context, const DemoOptions& options);

struct TestOptions {
  bool thorough = false;
};
Status test(const Context& context, const TestOptions& options);

}  // namespace lab::cli
