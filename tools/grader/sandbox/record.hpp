// What `confine` tells of a job, in a file in memory that the job has no descriptor of. One line each:
//
//   started         its bounds are in force, and it is about to be the program's turn
//   failed: WHY     that is not, or it was not
//   ended STATUS    the program ended, with a status as wait() has it
#pragma once

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

// Not thread safe. The constructor throws std::system_error if the machine refuses the file.
class Record {
public:
  Record();
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  int descriptor() const { return file_; }
  Told told() const;

private:
  int file_;
};

}  // namespace lab::grader
