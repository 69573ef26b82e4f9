// tries: to fill the disk
// verdict: refused needed_symbol
// into: Manager::get_session
std::FILE* file = std::tmpfile();
for (;;) std::fputs("full", file);
