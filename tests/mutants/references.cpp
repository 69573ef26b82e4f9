// Mutants that keep a reference where a copy or a share of the ownership is what makes it safe to let the lock go.
#include <fmt/format.h>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {
namespace {

constexpr const char* kind = "reference-from-lock";

Span only(const Source& source, const std::string& pattern) {
  const std::vector<Match> found = source.find(pattern);
  if (found.size() != 1) {
    source.refuse(found.empty() ? 0 : found[1].where.begin,
                  fmt::format("/{}/ matches {} times", pattern, found.size()));
  }
  return found.front().where;
}

// get_session hands out the session's data from under its lock, and copies it after.
void return_data_by_reference(const Source& source, Collector& to) {
  const Span result = only(source, R"(const auto serve = \[&\]\(Session& session\) -> Result<SessionData> )");
  const Span served = only(source, R"(return session\.cached\.data;)");
  const Span local = only(source, R"(Result<SessionData> data = with_session)");
  const Span returned = only(source, R"(return data;)");
  to.add(source, kind, source.function(served.begin), served.begin,
         "session.cached.data is copied after its lock is gone",
         {{result, "const auto serve = [&](Session& session) -> Result<const SessionData*> "},
          {served, "return &session.cached.data;"},
          {local, "Result<const SessionData*> data = with_session"},
          {returned, "if (!data) return Unexpected(data.error()); return **data;"}});
}

// Whoever finds a session keeps a bare pointer to it.
void find_without_a_share(const Source& source, Collector& to) {
  const std::vector<Match> finds = source.find(R"(const auto (\w+) = find\((\w+), found\);)");
  if (finds.empty()) source.refuse(0, "no call of find");
  for (const Match& call : finds) {
    to.add(source, kind, source.function(call.where.begin), call.where.begin,
           fmt::format("what find({}) returns is kept without a share in it", call.groups[2]),
           {{call.where, fmt::format("const auto {} = [&]() -> Result<Session*> {{ const auto owner = find({}, found); "
                                     "if (!owner) return Unexpected(owner.error()); return owner->get(); }}();",
                                     call.groups[1], call.groups[2])}});
  }
}

// The sweep keeps bare pointers to the sessions of the store.
void sweep_without_shares(const Source& source, Collector& to) {
  const Span declared = only(source, R"(std::vector<std::pair<SessionId, std::shared_ptr<Session>>> sessions;)");
  const Span filled = only(source, R"(sessions\.assign\(store_\.begin\(\), store_\.end\(\)\);)");
  to.add(source, kind, source.function(declared.begin), declared.begin,
         "the sessions of the store are kept without a share in them",
         {{declared, "std::vector<std::pair<SessionId, Session*>> sessions;"},
          {filled, "for (const auto& [known, owner] : store_) sessions.emplace_back(known, owner.get());"}});
}

// A pass works on the queue itself, not on rows that it has taken out of it.
void leave_rows_in_place(const Source& source, Collector& to) {
  const Span taken = only(source, R"(in_hand\.swap\(queue_\);)");
  to.add(source, kind, source.function(taken.begin), taken.begin, "the rows in hand are copied and stay in the queue",
         {{taken, "in_hand = queue_;"}});
}

}  // namespace

void mutate_references(const Source& source, Collector& to) {
  return_data_by_reference(source, to);
  find_without_a_share(source, to);
  sweep_without_shares(source, to);
  leave_rows_in_place(source, to);
}

}  // namespace lab::mutants
