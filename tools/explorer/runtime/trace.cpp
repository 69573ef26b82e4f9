#include "tools/explorer/runtime/trace.hpp"

#include <cstring>

namespace lab::explorer::runtime {

std::uint32_t copy_frames(const Thread& me, Address pc, std::uint64_t (&frames)[max_frames]) {
  std::uint32_t count = 0;
  if (pc != 0) frames[count++] = pc;
  for (std::uint32_t i = me.depth < max_depth ? me.depth : max_depth; i > 0 && count < max_frames; --i)
    frames[count++] = me.frames[i - 1];
  return count;
}

Step* record(Thread& me, Operation operation, Address object, Address pc) {
  if (!state.plan->trace) return nullptr;
  Log& log = *state.log;
  if (log.step_count == max_steps) {
    log.truncated = true;
    return nullptr;
  }
  Step& step = log.steps[log.step_count++];
  std::memset(static_cast<void*>(&step), 0, offsetof(Step, frames));
  step.choice = log.choice_count;
  step.thread = me.id;
  step.other = 0;
  step.operation = operation;
  step.object = object;
  step.size = 0;
  step.has_value = step.timed_out = step.spurious = step.atomic = false;
  step.succeeded = true;
  step.frame_count = static_cast<std::uint8_t>(copy_frames(me, pc, step.frames));
  return &step;
}

void complete_write(Thread& me) {
  if (me.pending_step == 0) return;
  Step& step = state.log->steps[me.pending_step - 1];
  me.pending_step = 0;
  if (step.size > sizeof step.value) return;
  std::memcpy(&step.value, reinterpret_cast<const void*>(step.object), step.size);
  step.has_value = true;
}

}  // namespace lab::explorer::runtime
