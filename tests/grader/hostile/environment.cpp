// tries: to ask the environment who runs it
// verdict: refused needed_symbol
// into: Manager::get_session
if (std::getenv("TSAN_OPTIONS") != nullptr) return Unexpected(Error::not_found);
