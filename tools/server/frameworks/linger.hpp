// The end of a connection whose client may still be sending.
#pragma once

#include <chrono>
#include <cstddef>

namespace lab::server {

inline constexpr std::chrono::seconds linger_time{1};
inline constexpr std::size_t linger_bytes_max = 8 * 1024 * 1024;

// Says that no more will be sent, and reads what still comes, for linger_time and linger_bytes_max at most: closed with
// something unread, the system would break the connection off, and with it the answer on its way. The caller closes it
// afterwards. It blocks; Boost.Beast's adapter does the same without.
void linger(int socket);

}  // namespace lab::server
