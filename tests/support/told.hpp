// What the suite's tests come to, as evidence (tools/exercises/evidence.hpp) of the judge "stress".
#pragma once

#include <string>

namespace lab::test {

// Opens the process's sink of evidence. From then on what each test comes to is put there when it begins, namely that
// the process was ended in it, and when it ends. A test in which ThreadSanitizer reported something has failed. Where
// AddressSanitizer or UBSan is about to end the process, what it found is put there. To be called once, before the
// session runs. Throws std::runtime_error.
void tell_what_tests_come_to(const std::string& where);

}  // namespace lab::test
