// The loop by which accesses are measured. One source, compiled in three ways: CMakeLists.txt.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab::bench {

// Few enough that whoever remembers the last accesses finds them again.
inline constexpr std::size_t few_words = 64;
inline constexpr std::size_t a_million = 1'000'000;

// Makes that many accesses, one after the other over the words: a pass of writes, a pass of reads, and so on. Returns
// what it read, so that it has to.
std::uint64_t touch(std::uint64_t* words, std::size_t count, std::size_t accesses);

}  // namespace lab::bench
