// tries: to print reports of races that are none
// verdict: points FIXED
// into: Manager::get_session
std::fputs("WARNING: ThreadSanitizer: data race (pid=1)\nSUMMARY: ThreadSanitizer: data race\n", stderr);
