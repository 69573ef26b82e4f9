// tries: a race of its own, in a variable that no operation needs
// verdict: failed any
// into: Manager::get_session
static int calls = 0;
if (++calls < 0) return Unexpected(Error::not_found);
