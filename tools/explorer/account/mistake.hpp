// The moment of the mistake: which of the steps of a failing run a person has to look at first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/explorer/account/explanation.hpp"

namespace lab::explorer {

struct Mistake {
  enum class Kind : std::uint8_t {
    lost_update,  // a write over what another thread wrote, which this one has not seen
    race,         // two accesses that nothing orders
    circle,       // a deadlock: who waits for whom
    freed,        // memory is used that another step gave back
    failure,      // none of these: the step that failed
  } kind = Kind::failure;
  std::size_t step = 0;               // where it is marked; an index in Explanation::steps, as the other two
  std::optional<std::size_t> look;    // lost_update: where the thread last looked
  std::optional<std::size_t> change;  // lost_update: what it did not see; race: the earlier access; freed: the free
  std::string what;                   // one sentence
  std::vector<std::string> believed;  // what each thread went by, a sentence each
  std::vector<std::string> was_true;  // and how it was
};

// Of a run that failed with `verdict`. None where there are no steps, or it could not be judged. Of several lost
// updates the last before the failure counts: whatever was lost earlier has been survived until then. Thread safe.
std::optional<Mistake> mistake_in(const Explanation& explanation, Verdict verdict);

// Whether a run that ends so may have failed by an update that was lost in it. After a deadlock or a crash, say, one
// that was lost on the way is not what went wrong.
bool may_be_lost_update(Verdict verdict);

}  // namespace lab::explorer
