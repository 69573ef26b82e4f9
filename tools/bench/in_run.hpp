// What is measured inside a run.
#pragma once

#include <benchmark/benchmark.h>

namespace lab::bench {

// Starts the process in which the runs are made; to be called while this one is as it started.
void prepare_in_run();
void release_in_run();

}  // namespace lab::bench
