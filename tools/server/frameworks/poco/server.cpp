// POCO Net: blocking, a thread for each connection. docs/guide/web-server-poco.md shows this file.
#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerDispatcher.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <thread>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/linger.hpp"

namespace lab::server {
namespace {

namespace net = Poco::Net;

// A thread is taken for as long as a connection lasts: after so many requests the client connects anew, behind those
// who wait.
constexpr int requests_max = 1000;

// Who has connected and waits for a thread.
constexpr int queue_max = 1024;

// How soon those who wait notice that the server stops.
const Poco::Timespan notice_time(0, 20'000);

// [values]
// Reads no more of the body than one byte too many, which is enough to refuse it.
Request request_of(net::HTTPServerRequest& from, std::size_t body_bytes_max) {
  Request to{from.getMethod(), from.getURI(), Headers(from.begin(), from.end()), ""};
  if (!from.hasContentLength() && !from.getChunkedTransferEncoding()) return to;  // the library would wait for the end
  to.body.resize(body_bytes_max + 1);
  from.stream().read(to.body.data(), static_cast<std::streamsize>(to.body.size()));
  to.body.resize(static_cast<std::size_t>(from.stream().gcount()));
  return to;
}

void send(const Response& from, net::HTTPServerResponse& to, bool without_body) {
  to.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(from.status));
  for (const auto& [name, value] : from.headers) to.add(name, value);
  to.setContentLength(static_cast<std::streamsize>(from.body.size()));
  std::ostream& out = to.send();
  if (!without_body) out << from.body;
  out.flush();
}

// The library says "invalid or too long" of a method and a target, which says neither.
int status_of(const net::MessageException& error) {
  const std::string& words = error.message();
  const bool large = words.find("Too many") != std::string::npos || words.find("value too long") != std::string::npos;
  return large ? 431 : 400;
}

// In the library's spelling, "Close", some clients don't know it.
void set_keep_alive(net::HTTPServerResponse& response, bool keep_alive) {
  response.set(net::HTTPMessage::CONNECTION, keep_alive ? "keep-alive" : "close");
}
// [values end]

// [connection]
struct Shared {
  ServerOptions options;
  Handler handler;
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  std::atomic<bool> stopping{false};
};

struct Session final : net::HTTPServerSession {
  using HTTPServerSession::HTTPServerSession;
  bool has_more() { return buffered() > 0; }  // sent along with the request before
};

class Connection final : public net::TCPServerConnection {
public:
  Connection(const net::StreamSocket& socket, Shared& shared) : TCPServerConnection(socket), shared_(shared) {}
  void run() override {
    try {
      socket().setNoDelay(true);
      Session session(socket(), shared_.params);
      bool open = true;
      while (open && (session.has_more() || await_request()) && session.hasMoreRequests()) open = answer(session);
    } catch (const Poco::Exception&) {
      // the client has gone, or was too slow
    }
  }

private:
  bool await_request() {
    using Clock = std::chrono::steady_clock;
    auto end = Clock::now() + shared_.options.limits.idle_time;
    for (bool hurried = false;;) {
      if (shared_.stopping && !std::exchange(hurried, true)) end = std::min(end, Clock::now() + drain_time);
      if (Clock::now() >= end) return false;
      if (socket().poll(notice_time, net::Socket::SELECT_READ)) return true;
    }
  }

  // Whether another request may follow.
  bool answer(net::HTTPServerSession& session) {
    net::HTTPServerResponseImpl response(session);
    try {
      net::HTTPServerRequestImpl request(response, session, shared_.params);
      const std::string& version = request.getVersion();
      if (version != net::HTTPMessage::HTTP_1_1 && version != net::HTTPMessage::HTTP_1_0) return refuse(400, response);
      const Limits& limits = shared_.options.limits;
      if (request.hasContentLength() &&
          request.getContentLength() > static_cast<std::streamsize>(limits.body_bytes_max))
        return refuse(413, response);
      if (request.getExpectContinue()) response.sendContinue();
      const Request read = request_of(request, limits.body_bytes_max);
      const bool whole = read.body.size() <= limits.body_bytes_max;
      const bool complete =
          !request.hasContentLength() || read.body.size() == static_cast<std::size_t>(request.getContentLength());
      if (!complete) return false;  // the client has gone in the middle
      if (!whole) return refuse(413, response);
      const Response made = shared_.handler(read);
      const bool open = request.getKeepAlive() && session.canKeepAlive() && !shared_.stopping;
      response.setVersion(version);
      set_keep_alive(response, open);
      send(made, response, request.getMethod() == net::HTTPRequest::HTTP_HEAD);
      return open;
    } catch (const net::NoMessageException&) {
      return false;
    } catch (const net::MessageException& error) {
      return refuse(status_of(error), response);
    }
  }

  bool refuse(int status, net::HTTPServerResponse& response) {
    response.setVersion(net::HTTPMessage::HTTP_1_1);
    set_keep_alive(response, false);
    send(refusal(status), response, false);
    linger(socket().impl()->sockfd());
    return false;
  }

  Shared& shared_;
};
// [connection end]

// [server]
class Connections final : public net::TCPServerConnectionFactory {
public:
  explicit Connections(Shared& shared) : shared_(shared) {}
  net::TCPServerConnection* createConnection(const net::StreamSocket& socket) override {
    return new Connection(socket, shared_);
  }

private:
  Shared& shared_;
};

class PocoServer final : public Server {
public:
  PocoServer(const ServerOptions& options, Handler handler)  // throws Poco::Exception
      : shared_{options, std::move(handler)}, pool_(1, static_cast<int>(options.connections_max)), socket_() {
    socket_.bind(net::SocketAddress(options.address, options.port), true, false);  // a port is one server's
    socket_.listen(queue_max);
    port_ = socket_.address().port();
    shared_.params->setTimeout(Poco::Timespan(static_cast<long>(options.limits.request_time.count()), 0));
    shared_.params->setKeepAliveTimeout(Poco::Timespan(static_cast<long>(options.limits.idle_time.count()), 0));
    shared_.params->setMaxKeepAliveRequests(requests_max);
    shared_.params->setMaxThreads(static_cast<int>(options.connections_max));
    shared_.params->setMaxQueued(queue_max);
    shared_.params->setThreadIdleTime(notice_time);  // a thread without work may miss that the library stops
    dispatcher_ = new net::TCPServerDispatcher(new Connections(shared_), pool_, shared_.params);
    accepting_ = std::thread([this] { accept(); });
  }
  ~PocoServer() override { stop(); }

  std::uint16_t port() const override { return port_; }
  void stop() override {
    if (!accepting_.joinable()) return;
    shared_.stopping = true;
    accepting_.join();
    // Who waits for a thread gets one: the library forgets them when it stops, and does not say when there are none.
    while (dispatcher_->queuedConnections() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    dispatcher_->stop();
    pool_.joinAll();
    dispatcher_->release();
  }

private:
  using Clock = std::chrono::steady_clock;

  void accept() {
    while (!shared_.stopping) (void)take_in(notice_time);
    // Who has connected already is taken in first; but whoever goes on connecting does not keep the server up.
    const auto end = Clock::now() + drain_time;
    while (Clock::now() < end && take_in(0)) {
    }
    socket_.close();
  }
  bool take_in(const Poco::Timespan& wait) {
    try {
      if (!socket_.poll(wait, net::Socket::SELECT_READ)) return false;
      dispatcher_->enqueue(socket_.acceptConnection());
    } catch (const Poco::Exception&) {  // the client has gone, or the process has no descriptor left: not at once again
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
  }

  Shared shared_;
  Poco::ThreadPool pool_;
  net::ServerSocket socket_;
  std::uint16_t port_ = 0;
  net::TCPServerDispatcher* dispatcher_ = nullptr;  // counts who holds it
  std::thread accepting_;
};
// [server end]

}  // namespace

Started serve_with_poco(const ServerOptions& options, Handler handler) {
  try {
    return std::make_unique<PocoServer>(options, std::move(handler));
  } catch (const Poco::Exception& error) {
    return tl::unexpected(cannot_listen(options, error.displayText()));
  }
}

}  // namespace lab::server
