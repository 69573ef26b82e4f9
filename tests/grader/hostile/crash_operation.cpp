// tries: to crash in an operation
// verdict: failed any
// into: Manager::increment_access
int* volatile nowhere = nullptr;
*nowhere = 1;
