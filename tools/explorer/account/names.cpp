#include "tools/explorer/account/names.hpp"

#include <algorithm>
#include <array>

namespace lab::explorer {
namespace {

constexpr std::array operation_names = {
    std::string_view("start"),          std::string_view("end"),
    std::string_view("create"),         std::string_view("join"),
    std::string_view("lock"),           std::string_view("shared lock"),
    std::string_view("try lock"),       std::string_view("try shared lock"),
    std::string_view("unlock"),         std::string_view("shared unlock"),
    std::string_view("wait"),           std::string_view("wake"),
    std::string_view("notify one"),     std::string_view("notify all"),
    std::string_view("atomic load"),    std::string_view("atomic store"),
    std::string_view("atomic update"),  std::string_view("fence"),
    std::string_view("read"),           std::string_view("write"),
    std::string_view("free"),           std::string_view("futex wait"),
    std::string_view("futex wake"),     std::string_view("semaphore wait"),
    std::string_view("semaphore post"), std::string_view("barrier wait"),
    std::string_view("once"),           std::string_view("yield"),
    std::string_view("sleep"),          std::string_view("clock"),
    std::string_view("exit"),           std::string_view("stop"),
    std::string_view("failure"),
};
static_assert(operation_names.size() == static_cast<std::size_t>(Operation::failure) + 1);

constexpr std::array verdict_names = {
    std::string_view("passed"),          std::string_view("assertion"),      std::string_view("data_race"),
    std::string_view("deadlock"),        std::string_view("livelock"),       std::string_view("crash"),
    std::string_view("exception"),       std::string_view("use_after_free"), std::string_view("nondeterministic"),
    std::string_view("could_not_judge"),
};
static_assert(verdict_names.size() == static_cast<std::size_t>(Verdict::could_not_judge) + 1);

template <class Enumeration, std::size_t Count>
std::optional<Enumeration> find(const std::array<std::string_view, Count>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enumeration>(found - names.begin());
}

}  // namespace

std::string_view operation_name(Operation operation) {
  const auto index = static_cast<std::size_t>(operation);
  return index < operation_names.size() ? operation_names[index] : "unknown";
}

std::optional<Operation> operation_of(std::string_view name) { return find<Operation>(operation_names, name); }

std::string_view verdict_word(Verdict verdict) {
  const auto index = static_cast<std::size_t>(verdict);
  return index < verdict_names.size() ? verdict_names[index] : verdict_names.back();
}

std::optional<Verdict> verdict_of(std::string_view word) { return find<Verdict>(verdict_names, word); }

std::string verdict_title(Verdict verdict) {
  std::string title(verdict_word(verdict));
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

bool is_judged(Verdict verdict) { return verdict != Verdict::could_not_judge && verdict != Verdict::nondeterministic; }

std::string thread_name(std::uint16_t thread) {
  return thread == 0 ? std::string("main") : "thread " + std::to_string(thread);
}

}  // namespace lab::explorer
