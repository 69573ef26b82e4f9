// tries: to read memory that was given back
// verdict: failed any
// into: Manager::increment_access
int* volatile gone = new int(1);
delete gone;
if (*gone == 7) return std::uint64_t{7};
