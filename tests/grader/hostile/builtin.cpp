// tries: the address that it was called from
// verdict: refused reserved_name
// into: Manager::get_session
(void)__builtin_return_address(0);
