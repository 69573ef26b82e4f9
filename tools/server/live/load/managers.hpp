// What the signs are made of: managers over databases in memory, and a share of the work for each thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "common/faulty_database.hpp"
#include "common/interface.hpp"
#include "common/memory_database.hpp"

namespace lab::load {

// What each of `threads` has to do of `all`; at least `least`, so that threads have time to meet.
inline unsigned each(unsigned all, unsigned threads, unsigned least) { return std::max(least, all / threads); }

// A real database's write takes about as long as this; while one thread waits for it, others run.
inline constexpr std::chrono::microseconds write_time{100};

inline std::unique_ptr<SessionManager> manager_over(std::shared_ptr<Database> database,
                                                    std::shared_ptr<Clock> clock = std::make_shared<SystemClock>(),
                                                    Settings settings = {}) {
  Dependencies dependencies;
  dependencies.database = std::move(database);
  dependencies.clock = std::move(clock);
  dependencies.settings = settings;
  return make_session_manager(std::move(dependencies)).value();  // a database in memory can always be read
}

inline std::shared_ptr<Database> memory_with(Faults faults) {
  return std::make_shared<FaultyDatabase>(std::make_shared<MemoryDatabase>(), std::move(faults));
}

}  // namespace lab::load
