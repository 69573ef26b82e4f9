// Becoming somebody with no rights, for good.
#pragma once

#include <sys/types.h>

namespace lab::confine {

// This process is the user and group `account` then, in no other group, and dies with its parent. False, with errno, if
// the system refuses; the process may have lost some of its rights.
bool become_account(uid_t account);

// Kills every process of the account but this one, which becomes it. Root only.
void end_account(uid_t account);

}  // namespace lab::confine
