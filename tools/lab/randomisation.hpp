// With many bits of address-space randomisation (vm.mmap_rnd_bits above 28, say), clang 14's ThreadSanitizer finds its
// shadow's place taken and gives up (github.com/google/sanitizers/issues/1614).
#pragma once

#include <filesystem>

namespace lab::cli {

// Sees to it that programs of ThreadSanitizer's start, of which `program` is one: if it does not, randomisation is
// turned off for this process, and so for all it starts. False: it starts in no way.
bool make_tsan_start(const std::filesystem::path& program);

// Whether that was needed.
bool is_randomisation_off();

}  // namespace lab::cli
