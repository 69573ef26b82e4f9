// The system's randomness, made the same in every run: seeded by State::random_bytes. Each thread draws from a sequence
// of its own, so that what it gets does not depend on the schedule and drawing need not be an event. rand() is
// deterministic anyway.
#include "tools/explorer/runtime/models/random.hpp"

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>

#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

// std::random_device: inside the C++ library it asks the processor, which cannot be seeded.
extern "C" unsigned _ZNSt13random_device9_M_getvalEv(void* device);

namespace lab::explorer::runtime {

namespace {

struct Sequence {
  std::uint32_t generation;
  std::uint64_t position;
};
Sequence sequences[max_threads];

std::uint64_t draw(const Thread& me) {
  Sequence& sequence = sequences[me.id];
  if (sequence.generation != state.generation)
    sequence = {state.generation, mix(state.random_bytes + mix(me.id + std::uint64_t{1}))};
  return mix(sequence.position++);
}

}  // namespace

void fill_random(const Thread& me, void* bytes, std::size_t size) {
  auto* out = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    std::uint64_t drawn = draw(me);
    for (std::size_t i = 0; i < sizeof drawn && size > 0; ++i, --size, drawn >>= 8)
      *out++ = static_cast<unsigned char>(drawn);
  }
}

LAB_INTERPOSE ssize_t getrandom(void* bytes, std::size_t size, unsigned flags) {
  Entry entry;
  if (!entry) return LAB_REAL(getrandom)(bytes, size, flags);
  check_heap(entry.thread(), reinterpret_cast<Address>(bytes), size, true, LAB_PC());
  fill_random(entry.thread(), bytes, size);
  return static_cast<ssize_t>(size);
}

LAB_INTERPOSE int getentropy(void* bytes, std::size_t size) {
  Entry entry;
  if (!entry) return LAB_REAL(getentropy)(bytes, size);
  if (size > 256) {
    errno = EIO;
    return -1;
  }
  check_heap(entry.thread(), reinterpret_cast<Address>(bytes), size, true, LAB_PC());
  fill_random(entry.thread(), bytes, size);
  return 0;
}

#if __GLIBC_PREREQ(2, 36)
LAB_INTERPOSE std::uint32_t arc4random() noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(arc4random)();
  return static_cast<std::uint32_t>(draw(entry.thread()));
}

LAB_INTERPOSE void arc4random_buf(void* bytes, std::size_t size) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(arc4random_buf)(bytes, size);
  check_heap(entry.thread(), reinterpret_cast<Address>(bytes), size, true, LAB_PC());
  fill_random(entry.thread(), bytes, size);
}

LAB_INTERPOSE std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(arc4random_uniform)(bound);
  return bound > 0 ? static_cast<std::uint32_t>(draw(entry.thread()) % bound) : 0;
}
#endif

// Weak, for a C++ library that is linked statically brings its own.
LAB_INTERPOSE __attribute__((weak)) unsigned _ZNSt13random_device9_M_getvalEv(void* device) {
  Entry entry;
  if (!entry) return LAB_REAL(_ZNSt13random_device9_M_getvalEv)(device);
  return static_cast<unsigned>(draw(entry.thread()));
}

}  // namespace lab::explorer::runtime
