// Evidence by a way that the code under test can't name: an open file that the judging process has made, and words that
// only the two of them know. For what is written down in a process that also runs code nobody trusts.
//
// The file is anonymous memory (memfd_create) that the program under test has as descriptor 3, named "fd:3" where else
// a file would be named. It begins with one line, the charge:
//
//   { "token": "...", "salt": "..." }
//
// which the program takes, and blots out, before it runs a test. What it then writes is one line of JSON for each thing
// it has to say, the token in each. A line that lacks it was written by somebody else.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/evidence.hpp"

namespace lab::exercises {

// What the judging process tells the program.
struct Charge {
  std::string token;  // random, and new for each process
  std::string salt;   // that keys and values are drawn with (tests/graded/salted.hpp); empty: they are as written
};

// The judging process's end. Not thread safe.
class Channel {
public:
  // Makes the file, with the charge in it. Throws std::system_error if the machine refuses.
  explicit Channel(const Charge& charge);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int descriptor() const { return descriptor_; }

  struct Received {
    bool begun = false;  // the program has come to its main function, and said so
    std::vector<Evidence> evidence;
  };
  // To be called once, after the program has ended. A last line without its end is left out: the program was ended
  // while it wrote. The error is a sentence: a line without the token, or of another form.
  tl::expected<Received, std::string> receive() const;

private:
  const std::string token_;
  int descriptor_ = -1;
};

// The program's end: where its evidence goes, a file or "fd:N". The process's one. Not thread safe.
class EvidenceSink {
public:
  // Of a channel, it takes the charge; of a file, it begins an empty one. An empty name is nowhere. Throws
  // std::runtime_error.
  void open(const std::string& where);

  const std::string& salt() const { return charge_.salt; }
  bool is_open() const { return !file_.empty() || descriptor_ >= 0; }

  // Puts it at this place, which is that of an earlier one or the next. Throws std::runtime_error if it can't be
  // written.
  void put(std::size_t at, const Evidence& evidence);

private:
  std::string file_;
  int descriptor_ = -1;
  Charge charge_;
  std::vector<Evidence> all_;
};

EvidenceSink& evidence_sink();

}  // namespace lab::exercises
