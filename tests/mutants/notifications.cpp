// Mutants that wake too few.
#include <fmt/format.h>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {

void mutate_notifications(const Source& source, Collector& to) {
  for (const Match& call : source.find(R"((\w+)\.notify_(all|one)\(\);)")) {
    const std::string function = source.function(call.where.begin);
    if (call.groups[2] == "all") {
      to.add(source, "notify-one", function, call.where.begin, fmt::format("{} wakes one waiter", call.groups[1]),
             {{call.where, call.groups[1] + ".notify_one();"}});
    }
    to.add(source, "drop-notify", function, call.where.begin, fmt::format("{} wakes nobody", call.groups[1]),
           {{call.where, ""}});
  }
}

}  // namespace lab::mutants
