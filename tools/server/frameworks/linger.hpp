// The end of a connection whose client may still be sending.
#pragma once

namespace lab::server {

// Says that no more will be sent, and reads what still comes, for a second and 8 MiB at most: closed with something
// unread, the system would break the connection off, and with it the answer on its way. The caller closes it
// afterwards.
void linger(int socket);

}  // namespace lab::server
