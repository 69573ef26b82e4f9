// What the sandbox's tests share: a sandbox of each tier, jobs of the probe, and places for files.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/grader/sandbox/sandbox.hpp"
#include "tools/process/folder.hpp"

namespace lab::grader::test {

using namespace std::chrono_literals;

// Makes the test one of each tier that this machine can have, which is the same at every call in it.
Tier each_tier();

// Skips the test if this machine can't have one.
const Sandbox& sandbox_of(Tier tier);
inline const Sandbox& each_sandbox() { return sandbox_of(each_tier()); }

// Of the tier, with some of the options switched off.
Sandbox open_sandbox(Tier tier, Sandbox::Options options = {});

// The probe with these arguments, and small bounds.
Job probe(const std::vector<std::string>& arguments);

// A folder that everybody may read and pass through, gone with the test.
class OpenFolder {
public:
  OpenFolder();

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path write(const std::string& name, const std::string& text) const;
  // A folder in it for a job to write to.
  std::filesystem::path folder(const std::string& name) const;

private:
  process::Folder folder_{"sandbox-test"};
};

// Whether any process of the machine, that was not waited for, has the word in its command line.
bool is_running(const std::string& word);

std::string text_of(const std::filesystem::path& file);

}  // namespace lab::grader::test
