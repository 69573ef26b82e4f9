// The ladder: exercises/index.json, schema 1, as values.
//
//   { "schema": 1,
//     "gate": "[one-thread]~[B3]",        Catch2's specification of the suite's tests that hold on the handout too
//     "means": { verdict: "what a failure with it means for a user of the site" },
//     "exercises": [ { "id": "01", "bug": "B1", "name": "lost-update", "title": "Lost update", "points": 8,
//       "minutes": 40, "teaches": "...", "hints": 4,
//       "clauses": ["C3", "C9"],          a test of the gate that has one of these tags, and fails, fails the exercise
//       "tests": { "explored": [claims of the explored judge], "one_thread": [claims of the suite] },
//       "expects": { claim: "what a user of the site may expect, in a sentence" },
//       "means": { verdict: "the same of this exercise, in place of the general one" },
//       "also_mends": [ids] } ] }
//
// Only claims that fail on the handout are listed: they carry the points. The exercise's page, hints and debrief are
// README.md, hints.md and debrief.md in exercises/ID-NAME/.
#pragma once

#include <map>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab::exercises {

struct Exercise {
  std::string id;     // "01"
  std::string bug;    // "B1"
  std::string name;   // "lost-update"
  std::string title;  // "Lost update"
  int points = 0;
  int minutes = 0;      // that it may take
  std::string teaches;  // a phrase
  std::size_t hints = 0;
  std::vector<std::string> clauses;            // "C3"
  std::vector<std::string> explored;           // claims, each the name of a test case
  std::vector<std::string> one_thread;         // likewise
  std::map<std::string, std::string> expects;  // by claim
  std::map<std::string, std::string> means;    // by verdict; of those of which the index's words are too general
  std::vector<std::string> also_mends;         // exercises that the usual repair of this one mends too
};

struct Index {
  std::string gate;
  std::vector<Exercise> exercises = {};           // in the order of their ids
  std::map<std::string, std::string> means = {};  // by verdict; of those whose summaries speak of threads and memory

  // Null if there is none.
  const Exercise* with_id(const std::string& id) const;
  const Exercise* with_bug(const std::string& bug) const;
  const Exercise* with_claim(const std::string& claim) const;
  const Exercise* with_name(const std::string& name) const;

  // What a user of the site may expect where this claim has failed, in a sentence: also of a claim that is no
  // exercise's, a test of the gate or the generated programs.
  std::string expected_of(const std::string& claim) const;

  // What it means for a user of the site that this claim failed with this verdict; empty if its summary says that.
  std::string meaning_of(const std::string& claim, const std::string& verdict) const;

  // The tests of the gate that can fail one of these exercises, all of the index: those of their clauses, and those of
  // no exercise's clause.
  std::string gate_for(const std::vector<const Exercise*>& asked) const;
};

// What is wrong with the index, a sentence each: the ids are 01 to 12 and the bugs B1 to B11 and C12, in this order;
// the points are positive and sum to 100; each exercise has a title, a time, what it teaches, three hints, a clause, a
// claim, an expectation for each claim, and words for each verdict that it explains, as has the index; no claim is in
// two; also_mends names others; and there is a gate.
std::vector<std::string> faults_of(const Index& index);

// The error is a sentence: the file can't be read, is no such JSON, or has a fault.
tl::expected<Index, std::string> read_index(const std::string& file);

}  // namespace lab::exercises
