// Data races by happens-before, without loss: of each thread's accesses to a granule of 8 bytes the last of each kind
// is kept. That is enough. If a later access f of another thread is not ordered after an access e, then it is not
// ordered after a later access e' of e's thread either, so e' stands for e if it touches the same bytes and is as
// strong (a write is stronger than a read, a plain access stronger than an atomic one). And an entry that happens
// before the present access can go if that one covers it and is as strong: whatever races with the entry later races
// with that too. (FastTrack's argument, Flanagan and Freund, PLDI 2009, carried over to parts of a word.)
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {
namespace {

struct Entry {
  Address pc;
  std::uint32_t clock;
  std::uint16_t thread;
  std::uint8_t bytes;  // a bit for each of the granule's
  bool write : 1;
  bool atomic : 1;
  Entry* next;
};

// A place that touched the granule. All are kept: if the granule turns out to be raced, each of them becomes a point.
struct Place {
  Address pc;
  Place* next;
};

struct Granule {
  Entry* entries;
  Place* places;
  bool raced;
};

// Neighbours are mostly touched together, so 64 granules (512 bytes) are looked up as one.
struct Block {
  Granule granules[64];
};

// Open addressing; an entry of an earlier run counts as empty.
struct BlockEntry {
  Address number;  // address / 512
  std::uint32_t generation;
  Block* block;
};
LAB_OUTLIVES_RUNS BlockEntry* table;
LAB_OUTLIVES_RUNS std::size_t table_size;
std::size_t table_used;
constexpr std::size_t cache_size = 64;
LAB_OUTLIVES_RUNS BlockEntry cache[cache_size];  // by the number's low bits
Entry* spare;

// Entries and places not used yet: taken from the workspace many at a time, so that they lie close together.
template <typename T>
struct Fresh {
  T* next;
  std::size_t count;
};
Fresh<Entry> fresh_entries;
Fresh<Place> fresh_places;

template <typename T>
T* take(Fresh<T>& fresh) {
  constexpr std::size_t at_a_time = 64;
  if (fresh.count == 0) fresh = {static_cast<T*>(workspace(at_a_time * sizeof(T))), at_a_time};
  --fresh.count;
  return fresh.next++;
}

// What this thread's access at this place found last time: found again within the same epoch, nothing is new.
struct Recent {
  Address pc, number;
  std::uint32_t clock, generation;
  std::uint16_t thread;
  std::uint8_t bytes;
};
constexpr std::size_t recent_size = 512;
LAB_OUTLIVES_RUNS Recent recent[recent_size];

BlockEntry& find(Address number) {
  for (std::size_t i = mix(number);; ++i) {
    BlockEntry& entry = table[i & (table_size - 1)];
    if (entry.generation != state.generation || entry.number == number) return entry;
  }
}

void grow() {
  BlockEntry* const old = table;
  const std::size_t old_size = table_size;
  table_size = old_size == 0 ? 256 : old_size * 4;
  table = reinterpret_cast<BlockEntry*>(reserve(table_size * sizeof(BlockEntry)));
  for (std::size_t i = 0; i < old_size; ++i)
    if (old[i].generation == state.generation) find(old[i].number) = old[i];
}

Block& block_at(Address number) {
  BlockEntry& cached = cache[number % cache_size];
  if (cached.number == number && cached.generation == state.generation) return *cached.block;
  if (table_used * 2 >= table_size) grow();
  BlockEntry& entry = find(number);
  if (entry.generation != state.generation) {
    ++table_used;
    entry = {number, state.generation, static_cast<Block*>(workspace(sizeof(Block)))};
  }
  cached = entry;
  return *entry.block;
}

void make_hot(Address pc) {
  Log& log = *state.log;
  if (is_hot(pc)) return;
  for (std::uint32_t i = 0; i < log.hot_count; ++i)
    if (log.hot[i] == pc) return;
  if (log.hot_count == max_hot) {
    log.truncated = true;
    return;
  }
  log.hot[log.hot_count++] = pc;
}

void add_place(Granule& granule, Address pc) {
  for (Place* place = granule.places; place != nullptr; place = place->next)
    if (place->pc == pc) return;
  Place* const place = take(fresh_places);
  *place = {pc, granule.places};
  granule.places = place;
  if (granule.raced) make_hot(pc);
}

void report(Thread& me, Address number, Granule& granule, const Entry& earlier, bool write, bool atomic, Address pc) {
  if (!granule.raced) {
    granule.raced = true;
    for (Place* place = granule.places; place != nullptr; place = place->next) make_hot(place->pc);
  }
  Log& log = *state.log;
  for (std::uint32_t i = 0; i < log.race_count; ++i) {
    const Race& known = log.races[i];
    if ((known.earlier.pc == earlier.pc && known.later.pc == pc) ||
        (known.earlier.pc == pc && known.later.pc == earlier.pc))
      return;
  }
  if (log.race_count == max_races) return;
  Race& race = log.races[log.race_count++];
  race.address = number * 8;
  race.earlier = {earlier.pc, earlier.thread, earlier.write, earlier.atomic};
  race.later = {pc, me.id, write, atomic};
  race.frame_count = copy_frames(me, pc, race.frames);
}

bool is_as_strong(bool write, bool atomic, const Entry& entry) {
  return (write || !entry.write) && (!atomic || entry.atomic);
}

void check_granule(Thread& me, Address number, std::uint8_t bytes, bool write, bool atomic, Address pc) {
  const std::uint32_t clock = me.clock.at[me.id];
  Recent& last = recent[(pc ^ (number * 31)) & (recent_size - 1)];
  if (last.pc == pc && last.number == number && last.clock == clock && last.generation == state.generation &&
      last.thread == me.id && last.bytes == bytes)
    return;
  Granule& granule = block_at(number >> 6).granules[number & 63];
  add_place(granule, pc);
  bool covered = false;
  for (Entry** link = &granule.entries; *link != nullptr;) {
    Entry& entry = **link;
    const bool ordered = entry.thread == me.id || entry.clock <= me.clock.at[entry.thread];
    if (!ordered && (entry.bytes & bytes) != 0 && (entry.write || write) && !(entry.atomic && atomic))
      report(me, number, granule, entry, write, atomic, pc);
    if (ordered && (entry.bytes & ~bytes) == 0 && is_as_strong(write, atomic, entry)) {
      *link = entry.next;
      entry.next = spare;
      spare = &entry;
      continue;
    }
    // A stronger one of the same epoch stands for this access too.
    if (entry.thread == me.id && entry.clock == clock && (bytes & ~entry.bytes) == 0 && (entry.write || !write) &&
        (!entry.atomic || atomic))
      covered = true;
    link = &entry.next;
  }
  if (!covered) {
    Entry* made = spare;
    if (made != nullptr) {
      spare = made->next;
    } else {
      made = take(fresh_entries);
    }
    *made = {pc, clock, me.id, bytes, write, atomic, granule.entries};
    granule.entries = made;
  }
  last = {pc, number, clock, state.generation, me.id, bytes};
}

}  // namespace

void check_races(Thread& me, Address address, std::size_t size, bool write, bool atomic, Address pc) {
  while (size > 0) {
    const auto offset = static_cast<unsigned>(address & 7);
    const std::size_t here = size < 8 - offset ? size : 8 - offset;
    check_granule(me, address >> 3, static_cast<std::uint8_t>(((1u << here) - 1) << offset), write, atomic, pc);
    address += here;
    size -= here;
  }
}

void forget_races() {
  table_used = 0;
  spare = nullptr;
  fresh_entries = {};
  fresh_places = {};
}

}  // namespace lab::explorer::runtime
