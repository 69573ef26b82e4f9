// check_bench FOLDER: ./lab bench with the programs in FOLDER, once and as briefly as can be.
#include <cstdio>

#include "tools/lab/bench.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: check_bench FOLDER\n", stderr);
    return 2;
  }
  lab::cli::BenchOptions options;
  options.seconds = 0.001;
  options.repetitions = 1;
  return lab::cli::bench_in(argv[1], options);
}
