// The ladder: exercises/index.json, schema 1, as values.
//
//   { "schema": 1, "exercises": [ { "id": "01", "bug": "B1", "name": "lost-update", "points": 8,
//       "tests": { "explored": [claims of the explored judge], "one_thread": [claims of the suite] },
//       "also_mends": [ids] } ] }
//
// Only claims that fail on the handout are listed: they carry the points.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab::exercises {

struct Exercise {
  std::string id;   // "01"
  std::string bug;  // "B1"
  std::string name;
  int points = 0;
  std::vector<std::string> explored;    // claims, each the name of a test case
  std::vector<std::string> one_thread;  // likewise
  std::vector<std::string> also_mends;  // exercises that the usual repair of this one mends too
};

struct Index {
  std::vector<Exercise> exercises;  // in the order of their ids

  // Null if there is none.
  const Exercise* with_id(const std::string& id) const;
  const Exercise* with_bug(const std::string& bug) const;
  const Exercise* with_claim(const std::string& claim) const;
};

// What is wrong with the index, a sentence each: the ids are 01 to 12 and the bugs B1 to B11 and C12, in this order;
// the points are positive and sum to 100; each exercise has a claim and no claim is in two; also_mends names others.
std::vector<std::string> faults_of(const Index& index);

// The error is a sentence: the file can't be read, is no such JSON, or has a fault.
tl::expected<Index, std::string> read_index(const std::string& file);

}  // namespace lab::exercises
