// tries: to read the tests
// verdict: refused needed_symbol
// into: Manager::get_session
std::FILE* file = std::fopen("tests/claims/get.cpp", "r");
if (file != nullptr) return Unexpected(Error::not_found);
