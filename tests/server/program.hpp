// A program that serves, as ./lab serve starts it: in a process of its own, on a port of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lab::server::test {

class Program {
public:
  // Starts it and waits for the line that says where it listens.
  Program(const std::string& path, const std::filesystem::path& database, const std::string& framework,
          const std::vector<std::string>& more = {});
  ~Program();  // kills it, if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::uint16_t port() const { return port_; }  // 0: it did not start; said() has its words
  // What it printed: up to where it listens, and after wait() all of it.
  const std::string& said() const { return said_; }
  void send(int signal) const;
  // As a shell has it: the exit status, or 128 + the signal's number. Waits for the end.
  int wait();

private:
  pid_t process_ = -1;
  int output_ = -1;
  std::uint16_t port_ = 0;
  std::string said_;
};

}  // namespace lab::server::test
