// tries: to look into other processes
// verdict: refused name
extern "C" long ptrace(int, ...);
