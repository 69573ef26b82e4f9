// Hashes of plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lab::generated {

class Hash {
public:
  explicit Hash(std::uint64_t start = 0) : value_(start ^ 0x9e3779b97f4a7c15u) {}

  // A type with padding would hash what nobody wrote.
  template <class T>
  void add(const T& thing) {
    static_assert(std::has_unique_object_representations_v<T>);
    const auto* from = reinterpret_cast<const unsigned char*>(&thing);
    std::size_t left = sizeof thing;
    for (; left >= 8; left -= 8, from += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, from, 8);
      mix(word);
    }
    if (left == 0) return;
    std::uint64_t word = 0;
    std::memcpy(&word, from, left);
    mix(word);
  }

  std::uint64_t value() const { return value_; }

private:
  // The multiplication and shift of MurmurHash2's 64-bit variant: enough where nobody chooses the input against us.
  void mix(std::uint64_t word) {
    word *= 0xc6a4a7935bd1e995u;
    word ^= word >> 47;
    value_ = (value_ ^ (word * 0xc6a4a7935bd1e995u)) * 0xc6a4a7935bd1e995u;
    value_ ^= value_ >> 29;
  }

  std::uint64_t value_;
};

}  // namespace lab::generated
