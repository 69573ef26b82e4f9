// Atomics of every width: two threads work on 8, 16, 32 and 64 bits, on a flag and through an atomic_ref.
// expected: passed

#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

namespace {

std::atomic<std::uint8_t> byte{255};
std::atomic<std::uint16_t> half{0};
std::atomic<std::uint32_t> word{0};
std::atomic<std::uint64_t> wide{std::uint64_t{1} << 40};
std::atomic_flag first_come;
std::atomic<int> firsts{0};
long plain = 0;  // Atomic only through the references in work().

void work(int number) {
  byte.fetch_add(1);  // Wraps round, and must not carry into a neighbour.
  half.fetch_or(static_cast<std::uint16_t>(0x4000 << number));
  word.fetch_xor(0x80000000u);
  wide.fetch_sub(1);
  std::atomic_ref(plain).fetch_add(number + 1);
  if (!first_come.test_and_set()) firsts.store(firsts.load() + 1);  // One thread only comes here.
}

}  // namespace

int main() {
  std::thread zero(work, 0);
  std::thread one(work, 1);
  zero.join();
  one.join();
  assert(byte == 1);
  assert(half == 0xC000);
  assert(word == 0);
  assert(wide == (std::uint64_t{1} << 40) - 2);
  assert(plain == 3);
  assert(firsts == 1);
}
