// What runs when a thread ends: to be called by the ending thread, in this order.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// Those of its thread_local objects, the last registered first.
void run_thread_destructors(Thread& me);

// Those of its thread-specific data (pthread_key_create).
void run_key_destructors(Thread& me);

}  // namespace lab::explorer::runtime
