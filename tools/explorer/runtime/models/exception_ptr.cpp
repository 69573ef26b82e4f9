// The owners of an exception that travels between threads are counted inside libstdc++.so, where nobody sees it:
// without this, whoever owns it last and destroys it would race with what the earlier owners did.
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"

// Of the C++ library: std::current_exception, by its name in the object file; the value it returns is put where its
// first argument points (as any class that is not trivially copyable). And exception_ptr's member that gives it up.
extern "C" void _ZSt17current_exceptionv(void** result);
extern "C" void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** self) noexcept;

namespace lab::explorer::runtime {
namespace {

// What this owner did comes before what the next one does.
void change_owners(void* exception) {
  const Entry entry;
  if (!entry || exception == nullptr) return;
  Object& object = object_at(reinterpret_cast<Address>(exception));
  acquire(entry.thread(), object.released);
  release(entry.thread(), object.released);
}

void* caught_exception() {
  const Entry entry;
  if (!entry) return nullptr;
  void* exception = nullptr;
  LAB_REAL(_ZSt17current_exceptionv)(&exception);
  void* owner = exception;
  if (owner != nullptr) LAB_REAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)(&owner);
  return exception;
}

}  // namespace
}  // namespace lab::explorer::runtime

using namespace lab::explorer::runtime;

// std::exception_ptr's members; its only data is a pointer to the exception.
LAB_INTERPOSE void _ZNSt15__exception_ptr13exception_ptr9_M_addrefEv(void** self) noexcept {
  change_owners(*self);
  LAB_REAL(_ZNSt15__exception_ptr13exception_ptr9_M_addrefEv)(self);
}

LAB_INTERPOSE void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** self) noexcept {
  change_owners(*self);
  LAB_REAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)(self);
}

// The end of a handler.
LAB_INTERPOSE void __cxa_end_catch() {
  change_owners(caught_exception());
  LAB_REAL(__cxa_end_catch)();
}
