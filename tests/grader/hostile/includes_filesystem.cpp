// tries: to use folders
// verdict: refused include
#include <filesystem>
