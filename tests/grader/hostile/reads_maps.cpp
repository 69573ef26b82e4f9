// tries: to see in its memory map which sanitizer is there
// verdict: refused needed_symbol
// at: top
extern "C" int open(const char*, int, ...);
// into: Manager::get_session
if (open("/proc/self/maps", 0) >= 0) return Unexpected(Error::not_found);
