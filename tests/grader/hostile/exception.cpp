// tries: an exception that nobody expects
// verdict: failed any
// into: Manager::increment_access
throw 1;
