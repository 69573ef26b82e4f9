// The machine's processes, as /proc tells of them. Thread safe.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace lab::grader {

// Resident bytes of all processes of the session. Up to `enough`, pages that several of them share count for each; a
// sum beyond is looked at closely, and they are counted once where the system tells.
std::size_t resident(pid_t session, std::size_t enough);

// Whether one of its processes runs; one that has ended and was not waited for does not.
bool runs_session(pid_t session);
bool runs_account(uid_t account);

}  // namespace lab::grader
