// Waiting for a socket without opening anything: epoll takes a descriptor, of which there may be none left.
#pragma once

#include <chrono>

namespace lab::server {

// Whether the socket has come to `events` of poll(2), to its end or to an error within the time; one that is not
// positive looks once. A signal does not end it.
bool wait_for(int socket, short events, std::chrono::milliseconds time);

}  // namespace lab::server
