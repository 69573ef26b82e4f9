#include "tests/generated/shrink.hpp"

#include <cstddef>

namespace lab::generated {
namespace {

template <class Act>
void for_each_operation(Program& program, Act act) {
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) act(operation);
  }
}

bool names_session(Kind kind) {
  switch (kind) {
    case Kind::get:
    case Kind::update:
    case Kind::increment:
    case Kind::set_authenticated:
    case Kind::remove:
    case Kind::merge:
    case Kind::write:
    case Kind::use_elsewhere:
      return true;
    default:
      return false;
  }
}

// Without one session; false where an operation names it.
bool drop_session(Program& program, int session) {
  bool named = false;
  for_each_operation(program, [&](Operation& operation) {
    if (!names_session(operation.kind)) return;
    named = named || operation.session == session || (operation.kind == Kind::merge && operation.into == session);
    if (operation.session > session) --operation.session;
    if (operation.into > session) --operation.into;
  });
  --program.sessions;
  return !named;
}

}  // namespace

std::vector<Program> simpler(const Program& program) {
  std::vector<Program> all;
  for (std::size_t i = 0; program.threads.size() > 1 && i < program.threads.size(); ++i) {
    Program without = program;
    without.threads.erase(without.threads.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(without));
  }
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    for (std::size_t j = 0; j < program.threads[i].size(); ++j) {
      Program without = program;
      auto& thread = without.threads[i];
      thread.erase(thread.begin() + static_cast<std::ptrdiff_t>(j));
      if (thread.empty()) without.threads.erase(without.threads.begin() + static_cast<std::ptrdiff_t>(i));
      all.push_back(std::move(without));
    }
  }
  for (int session = 0; program.sessions > 1 && session < program.sessions; ++session) {
    Program without = program;
    if (drop_session(without, session)) all.push_back(std::move(without));
  }
  if (program.age != Age::fresh) {
    Program younger = program;
    younger.age = static_cast<Age>(static_cast<int>(program.age) - 1);
    all.push_back(std::move(younger));
  }
  return all;
}

Program shrink(const Program& program, const std::function<bool(const Program&)>& fails) {
  Program smallest = program;
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (Program& candidate : simpler(smallest)) {
      if (!fails(candidate)) continue;
      smallest = std::move(candidate);
      smaller = true;
      break;
    }
  }
  return smallest;
}

}  // namespace lab::generated
