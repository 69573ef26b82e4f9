// tries: to be so slow that the judges give up
// verdict: failed any
// into: Manager::increment_access
for (volatile long i = 0; i < 1000000000000L; i = i + 1) continue;
