#include "tools/grader/sandbox/account.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

namespace lab::grader {
namespace {

// A descriptor that holds the name, or -1.
int hold(const std::string& name) {
  const int held = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (held < 0) return -1;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(held, reinterpret_cast<const sockaddr*>(&address), length) == 0) return held;
  ::close(held);
  return -1;
}

}  // namespace

std::optional<Account> Account::take(uid_t first, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const int held = hold(fmt::format("session-race-lab/account/{}", first + i));
    if (held >= 0) return Account(first + i, held);
  }
  return std::nullopt;
}

Account::~Account() {
  if (held_ >= 0) ::close(held_);
}

Account::Account(Account&& from) noexcept : number_(from.number_), held_(std::exchange(from.held_, -1)) {}

std::string owned_account(uid_t first, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwuid_r(first + i, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
      return fmt::format("the sandbox wants user {} for itself, but that is {}'s: choose another range of accounts",
                         first + i, entry.pw_name);
    }
  }
  return {};
}

}  // namespace lab::grader
