// Session ids: version 4 UUIDs (RFC 9562, section 5.4) in their 36-character form, lower case.
#pragma once

#include "common/values.hpp"

namespace lab {

// A fresh id: 122 random bits from the operating system's generator (getrandom(2)), so that nobody who knows
// any number of other ids can guess it. Thread safe. Ends the process if the kernel refuses to give random
// bytes, since a guessable id would be worse.
SessionId new_session_id();

// Whether new_session_id could have made it. Saves the database a question about anything else.
bool is_well_formed(const SessionId& id) noexcept;

}  // namespace lab
