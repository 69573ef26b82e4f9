// tries: to use the network
// verdict: refused include
#include <sys/socket.h>
