#include "tools/server/frameworks/poco/connection.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "tools/server/frameworks/linger.hpp"
#include "tools/server/frameworks/poco/values.hpp"
#include "tools/server/frameworks/wait.hpp"

namespace lab::server {

namespace net = Poco::Net;

namespace {

// A thread is taken for as long as a connection lasts: after so many requests the client connects anew, behind those
// who wait.
constexpr int requests_max = 1000;

}  // namespace

// [connection]
void PocoConnection::run() {
  try {
    socket().setNoDelay(true);
    Session session(socket(), params_);
    bool open = true;
    for (int count = 1; open && (session.has_more() || await_request()); ++count)
      open = answer(session, count == requests_max);
  } catch (const Poco::Exception&) {
    // the client has gone, or was too slow
  }
}

bool PocoConnection::await_request() {
  using Clock = std::chrono::steady_clock;
  auto end = Clock::now() + shared_.options.limits.idle_time;
  for (bool hurried = false;;) {
    if (shared_.stopping && !std::exchange(hurried, true)) end = std::min(end, Clock::now() + drain_time);
    if (Clock::now() >= end) return false;
    if (wait_for(socket().impl()->sockfd(), POLLIN, notice_time)) return true;
  }
}

bool PocoConnection::answer(Session& session, bool last) {
  const Limits& limits = shared_.options.limits;
  static_cast<TimedSocket*>(socket().impl())->expire_after(limits.request_time);
  net::HTTPServerResponseImpl response(session);
  try {
    net::HTTPServerRequestImpl request(response, session, params_);
    const std::string& version = request.getVersion();
    if (version != net::HTTPMessage::HTTP_1_1 && version != net::HTTPMessage::HTTP_1_0) return refuse(400, session);
    Request read = head_of(request);
    if (!frames_body(read.headers)) return refuse(400, session);
    const auto length = static_cast<std::size_t>(request.hasContentLength() ? request.getContentLength() : 0);
    if (length > limits.body_bytes_max) return refuse(413, session);
    if (request.getExpectContinue()) response.sendContinue();
    const bool chunked = request.getChunkedTransferEncoding();
    const int status = chunked ? session.read_chunks(read.body, limits.body_bytes_max) : 0;
    if (status != 0) return refuse(status, session);
    if (!chunked && !session.read_bytes(read.body, length)) return false;  // the client has gone in the middle
    const Response made = shared_.handlers.answer(read);
    const bool open = request.getKeepAlive() && !last && !shared_.stopping;
    response.setVersion(version);
    set_keep_alive(response, open);
    send(made, response, request.getMethod() == net::HTTPRequest::HTTP_HEAD);
    return open;
  } catch (const net::NoMessageException&) {
    return false;
  } catch (const net::MessageException& error) {
    return refuse(status_of(error), session);
  } catch (const Poco::SyntaxException&) {
    return refuse(400, session);  // a length that is no number
  }
}

bool PocoConnection::refuse(int status, Session& session) {
  net::HTTPServerResponseImpl response(session);  // the request's own would ask the request, which may be gone
  response.setVersion(net::HTTPMessage::HTTP_1_1);
  set_keep_alive(response, false);
  send(shared_.handlers.refuse(status), response, false);
  linger(socket().impl()->sockfd());
  return false;
}
// [connection end]

}  // namespace lab::server
