// What mutexes, spin locks and reader-writer locks share.
#pragma once

#include <ctime>

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

enum class Hold : std::uint8_t { exclusive, shared };

// Whole operations, each a point; the results are those of the pthread functions.
int lock(Thread& me, Address address, Hold hold, Address pc);
int lock_until(Thread& me, Address address, Hold hold, const timespec& deadline, Address pc);
int try_lock(Thread& me, Address address, Hold hold, Address pc);
// The thread must hold it so.
void unlock(Thread& me, Address address, Hold hold, Address pc);

// A recursive lock that the thread holds already. Not a point: nobody else can tell.
void lock_again(Thread& me, Address address, Address pc);

// The change of state alone, with what it means for happens-before.
bool is_free(const Object& object, Hold hold);
void take(Thread& me, Address address, Hold hold, Address pc);
void give_up(Thread& me, Address address, Hold hold);

bool owns(const Thread& me, Address address);
bool shares(const Thread& me, Address address);

// Ends the run if `me`, which is about to wait for this lock, waits for a thread that waits for ... `me`.
void report_cycle(Thread& me, const Pending& pending, Address address);

// As new: whatever was at this address before is forgotten.
void reset_lock(Address address);

}  // namespace lab::explorer::runtime
