// The named reasons for which an operation can fail, and the type that carries a value or one of them.
//
// An expected failure is a returned value and never an exception; a caller's mistake that no test of the
// interface allows (a null dependency, say) is an assertion.
#pragma once

#include <string_view>

#include <tl/expected.hpp>

namespace lab {

enum class Error {
  not_found,             // the id is unknown, malformed, deleted, merged away or expired
  invalid_argument,      // an empty user id, user name or key
  same_session,          // merge_sessions was given one id twice
  database_unavailable,  // the database can't be opened or read at all
  database_busy,         // another connection held the database for longer than we wait, or changed the row every time
  database_failed,       // the database refused this operation (disk full, I/O error, corrupt row)
};

template <class T>
using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

// The enumerator's own name; "unknown_error" for a value that is none of them.
std::string_view to_string(Error error) noexcept;

}  // namespace lab
