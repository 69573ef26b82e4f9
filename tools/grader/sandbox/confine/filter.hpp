// The system calls of a job. Three lists: what threads, files, memory and children of one's own need is allowed; what
// reaches beyond the job (other processes' memory, sockets, namespaces, devices, the kernel) is refused with EPERM; any
// other call is answered as a kernel that does not have it would, with ENOSYS, so that a C library does without.
//
// Refused too, since the job's bounds rest on it: another session (its processes are found by that), files in memory
// that no limit sees, hard links (its folder changes hands), and resources of System V.
#pragma once

#include <string>

namespace lab::confine {

struct Filter {
  bool personality = true;  // the job may turn off address randomisation, and ask whether it is
};

// Filters the calls of this process and all that come of it, for good; it must not gain rights by exec any more. The
// result is empty, or says what failed.
std::string filter_calls(const Filter& filter);

}  // namespace lab::confine
