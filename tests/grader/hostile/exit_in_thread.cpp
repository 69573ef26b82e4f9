// tries: to end the program from a thread
// verdict: refused needed_symbol
// at: top
extern "C" void _exit(int);
// into: Worker::start
std::thread([] { _exit(0); }).detach();
