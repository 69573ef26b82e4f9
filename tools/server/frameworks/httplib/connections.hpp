// The library's server with a loop over each connection's requests that keeps to the limits, ends in order, and refuses
// in the routes' form.
#pragma once

#include <httplib.h>

#include "tools/server/frameworks/shared.hpp"

namespace lab::server {

// Thread safety: stop_accepting() may be called by another thread than the one that listens; the rest by one thread,
// before that.
class HttplibConnections final : public httplib::Server {
public:
  // `shared` must outlive this. Sets the library's handlers for what is refused: whoever adds routes leaves those
  // alone.
  explicit HttplibConnections(Shared& shared);

  // Takes in who has connected already, and ends listen_after_bind().
  void stop_accepting();
  // The library's own queue has five places: whoever is the seventh to connect at once would wait for a second.
  bool lengthen_queue() { return ::listen(svr_sock_, SOMAXCONN) == 0; }

private:
  void rehearse();
  bool process_and_close_socket(socket_t socket) override;

  Shared& shared_;
};

}  // namespace lab::server
