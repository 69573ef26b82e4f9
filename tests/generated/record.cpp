#include "tests/generated/record.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace lab::generated {

Record::Record()
    : shared_([] {
        void* const memory =
            ::mmap(nullptr, sizeof(History), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
        return new (memory) History();
      }()) {}

Record::~Record() { ::munmap(shared_, sizeof(History)); }

void Record::begin_run(const History& start) { *shared_ = start; }
void Record::call(int event) { generated::call(*shared_, event); }
void Record::end(int event, const Outcome& outcome) { generated::end(*shared_, event, outcome); }
History Record::history() const { return *shared_; }

}  // namespace lab::generated
