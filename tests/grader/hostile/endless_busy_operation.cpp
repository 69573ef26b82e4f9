// tries: to hang in an operation without ever giving way
// verdict: failed any
// into: Manager::increment_access
volatile bool forever = true;
while (forever) continue;
