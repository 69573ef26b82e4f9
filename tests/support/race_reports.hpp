// ThreadSanitizer's reports of this process, as sentences that name both places. In a build without it there
// are none.
#pragma once

#include <string>
#include <vector>

namespace lab::test {

// Thread safe. In the order of their appearance.
std::vector<std::string> race_reports();

}  // namespace lab::test
