// A connection of POCO's server, which has a thread to itself.
#pragma once

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/TCPServerConnection.h>

#include <chrono>
#include <utility>

#include "tools/server/frameworks/poco/session.hpp"
#include "tools/server/frameworks/shared.hpp"

namespace lab::server {

// How soon those who wait notice that the server stops.
inline constexpr std::chrono::milliseconds notice_time{20};

// [declaration]
class PocoConnection final : public Poco::Net::TCPServerConnection {
public:
  PocoConnection(const Poco::Net::StreamSocket& socket, const Shared& shared, Poco::Net::HTTPServerParams::Ptr params)
      : TCPServerConnection(socket), shared_(shared), params_(std::move(params)) {}
  void run() override;  // to the connection's end; throws nothing

private:
  bool await_request();
  bool answer(Session& session, bool last);  // whether another request may follow
  bool refuse(int status, Session& session);

  const Shared& shared_;
  Poco::Net::HTTPServerParams::Ptr params_;
};
// [declaration end]

}  // namespace lab::server
