// POCO Net: blocking, a thread for each connection. docs/guide/web-server-poco.md shows this file.
#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerDispatcher.h>
#include <Poco/ThreadPool.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "tools/server/frameworks/frameworks.hpp"
#include "tools/server/frameworks/linger.hpp"
#include "tools/server/frameworks/poco/session.hpp"

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
Request head_of(const net::HTTPServerRequest& from) {
  return {from.getMethod(), from.getURI(), Headers(from.begin(), from.end()), ""};
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
  bool answer(Session& session) {
    const Limits& limits = shared_.options.limits;
    static_cast<TimedSocket*>(socket().impl())->expire_after(limits.request_time);
    net::HTTPServerResponseImpl response(session);
    try {
      net::HTTPServerRequestImpl request(response, session, shared_.params);
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
      const Response made = shared_.handler(read);
      const bool open = request.getKeepAlive() && session.canKeepAlive() && !shared_.stopping;
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

  bool refuse(int status, Session& session) {
    net::HTTPServerResponseImpl response(session);  // the request's own would ask the request, which may be gone
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
  void accept() {
    while (!shared_.stopping) (void)take_in(notice_time);
    // Who has connected already is taken in first: no more than the system has places for, so that whoever goes on
    // connecting does not keep the server up.
    for (int left = queue_max; left > 0 && take_in(0); --left) {
    }
    socket_.close();
  }
  bool take_in(const Poco::Timespan& wait) {
    try {
      if (!socket_.poll(wait, net::Socket::SELECT_READ)) return false;
    } catch (const Poco::Exception&) {
      return false;
    }
    const int client = ::accept4(socket_.impl()->sockfd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) {
      dispatcher_->enqueue(net::StreamSocket(new TimedSocket(client)));
    } else {  // the client has gone, or the process has no descriptor left: not at once again
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
