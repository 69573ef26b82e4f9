// tries: to hang in an operation
// verdict: failed any
// into: Manager::increment_access
volatile bool forever = true;
while (forever) std::this_thread::yield();
