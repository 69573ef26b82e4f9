// The program between the grader and a job (../sandbox.hpp). Not for people.
//
//   confine as ACCOUNT WORDS...        becomes the account, then the program; for bubblewrap, started by root
//   confine job NAME=VALUE... -- WORDS...   runs a job (plan.hpp)
//   confine end ACCOUNT                kills all processes of the account
//   confine landlock                   prints Landlock's version, 0 if there is none
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "tools/grader/sandbox/confine/account.hpp"
#include "tools/grader/sandbox/confine/supervise.hpp"
#include "tools/grader/sandbox/confine/view.hpp"

using namespace lab::confine;

namespace {

constexpr int status_usage = 2;
constexpr int status_failed = 126;

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool take(Plan& plan, std::string_view name, std::string_view value) {
  const auto flag = [&](bool& into) {
    into = value == "1";
    return value == "0" || value == "1";
  };
  const auto list = [&](std::vector<std::string>& into) {
    into.emplace_back(value);
    return true;
  };
  if (name == "status") return read_number(value, plan.status);
  if (name == "channel") return flag(plan.channel);
  if (name == "account") return read_number(value, plan.account);
  if (name == "folder") return plan.folder = value, true;
  if (name == "cpu") return read_number(value, plan.cpu);
  if (name == "file_max") return read_number(value, plan.file_max);
  if (name == "processes_max") return read_number(value, plan.processes_max);
  if (name == "compiler") return flag(plan.compiler);
  if (name == "personality") return flag(plan.personality);
  if (name == "landlock") return flag(plan.landlock);
  if (name == "own_view") return flag(plan.own_view);
  if (name == "read") return list(plan.readable);
  if (name == "write") return list(plan.writable);
  if (name == "env") return list(plan.environment);
  return false;
}

int job(int count, char** words) {
  Plan plan;
  int at = 2;
  for (; at < count && std::string_view(words[at]) != "--"; ++at) {
    const std::string_view word = words[at];
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || !take(plan, word.substr(0, equals), word.substr(equals + 1))) {
      std::fprintf(stderr, "confine: %s is no part of a plan\n", words[at]);
      return status_usage;
    }
  }
  plan.words.assign(words + (at < count ? at + 1 : count), words + count);
  if (plan.words.empty() || plan.status < 0) {
    std::fprintf(stderr, "confine: a plan has a status and a program\n");
    return status_usage;
  }
  return supervise(plan);
}

}  // namespace

int main(int count, char** words) {
  const std::string_view mode = count > 1 ? words[1] : "";
  uid_t account = 0;
  if (mode == "landlock") {
    std::printf("%d\n", landlock_version());
    return 0;
  }
  if (mode == "job") return job(count, words);
  if (mode == "end" && count == 3 && read_number(words[2], account)) {
    end_account(account);
    return 0;
  }
  if (mode == "as" && count > 3 && read_number(words[2], account) && account != 0) {
    if (!become_account(account)) {
      std::fprintf(stderr, "confine: the account %s can't be taken on: %s\n", words[2], std::strerror(errno));
      return status_failed;
    }
    ::execvp(words[3], words + 3);
    std::fprintf(stderr, "confine: %s can't be started: %s\n", words[3], std::strerror(errno));
    return status_failed;
  }
  std::fprintf(stderr, "confine: for the grader's sandbox, not for people\n");
  return status_usage;
}
