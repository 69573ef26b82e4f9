// tries: to read the environment
// verdict: refused name
extern "C" char** environ;
