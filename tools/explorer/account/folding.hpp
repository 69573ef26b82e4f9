// Finding what repeats itself in a sequence.
#pragma once

#include <cstddef>
#include <vector>

namespace lab::explorer {

struct Fold {
  std::size_t begin = 0;  // of the first occurrence
  std::size_t block = 1;  // its length
  std::size_t times = 1;  // how often it stands there in a row
};

// Splits [0, size) into folds, from left to right: at each place the block of at most `block_max` elements whose
// repeats save most, if there are at least `times_min` (from 2) of it; else one element by itself. Takes time in
// proportion to size * times_min * block_max^2.
template <class Same>
std::vector<Fold> fold(std::size_t size, std::size_t block_max, std::size_t times_min, Same same) {
  std::vector<Fold> folds;
  for (std::size_t begin = 0; begin < size;) {
    Fold best{begin, 1, 1};
    std::size_t most_saved = 0;
    for (std::size_t block = 1; block <= block_max && begin + 2 * block <= size; ++block) {
      std::size_t alike = 0;
      while (begin + block + alike < size && same(begin + alike, begin + block + alike)) ++alike;
      const std::size_t times = 1 + alike / block;
      const std::size_t saved = (times - 1) * block;
      if (times < times_min || saved <= most_saved) continue;
      best = {begin, block, times};
      most_saved = saved;
    }
    folds.push_back(best);
    begin += best.block * best.times;
  }
  return folds;
}

}  // namespace lab::explorer
