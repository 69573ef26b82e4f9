// What a process under test said before it was killed, and what must therefore be in its database.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/values.hpp"

namespace lab::test {

// A line before an operation begins and one after it was acknowledged, each written in one call. `id` of a create is
// known by the second alone.
struct Entry {
  int thread = 0;
  bool acknowledged = false;
  std::string operation;
  std::string id;
  std::string other;  // merge: the id that it goes into; update: the key

  std::string line() const;
  static std::optional<Entry> parse(const std::string& line);  // nothing where the line was cut short
};

// A session as far as the test changes it.
struct Expected {
  std::map<std::string, std::string> metadata;
  std::uint64_t access_count = 0;
  bool is_authenticated = true;

  bool operator==(const Expected&) const = default;
};

// The sessions of one thread, by id; nothing stands for one that has ended.
using Model = std::map<std::string, std::optional<Expected>>;

void apply(Model& model, const Entry& entry);

// What one thread's sessions may be: as after its last acknowledged operation, or as after the one it was killed in.
struct Allowed {
  Model before;
  std::optional<Model> after;
  std::string in_flight;  // the operation that it was killed in, or ""
};

// By thread.
std::map<int, Allowed> allowed_by(const std::string& journal);

}  // namespace lab::test
