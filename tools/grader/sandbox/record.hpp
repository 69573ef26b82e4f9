// What `confine` tells of a job, through a pipe that the job has no end of, since no limit on files holds for one. One
// line each:
//
//   started         its bounds are in force, and it is about to be the program's turn
//   failed: WHY     that is not, or it was not
//   ended STATUS    the program ended, with a status as wait() has it
#pragma once

#include <array>
#include <optional>
#include <string>

namespace lab::grader {

struct Told {
  bool started = false;
  std::optional<int> ended;
  std::string failed;  // empty: it did not
};

// Lines of another form are none.
Told told_by(const std::string& lines);

// Not thread safe. The constructor throws std::system_error if the machine refuses the pipe.
class Record {
public:
  Record();
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // To be written to.
  int descriptor() const { return ends_[1]; }
  // All that was written up to now, once; it does not wait for more.
  Told told() const;

private:
  std::array<int, 2> ends_{};
};

}  // namespace lab::grader
