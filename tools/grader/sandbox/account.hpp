// The accounts that jobs run as, one job each at a time, on the whole machine.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace lab::grader {

// An account that is this job's alone, until the end of this object, or of the process. A name of the system that only
// one can hold says so: an abstract socket, that leaves nothing behind.
class Account {
public:
  // The first that is free, of `count` from `first`; none if all are taken.
  static std::optional<Account> take(uid_t first, unsigned count);

  ~Account();
  Account(Account&& from) noexcept;
  Account& operator=(Account&&) = delete;

  uid_t number() const { return number_; }

private:
  Account(uid_t number, int held) : number_(number), held_(held) {}

  uid_t number_;
  int held_;
};

// Who of `count` from `first` has a name in the system, as a sentence; empty if none has.
std::string owned_account(uid_t first, unsigned count);

}  // namespace lab::grader
