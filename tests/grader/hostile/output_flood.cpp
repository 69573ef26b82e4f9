// tries: to print without end
// verdict: failed any
// into: Manager::increment_access
for (;;) std::puts("All tests passed");
