#include "tools/server/live/live_page.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "tools/server/live/assets.hpp"
#include "tools/server/live/checkout.hpp"
#include "tools/server/live/event_log.hpp"
#include "tools/server/live/guard.hpp"

namespace lab::live {
namespace {

using httplib::Request;
using httplib::Response;

// A stream looks up so often whether its server ends, and, by writing a comment, whether its viewer is there.
constexpr std::chrono::milliseconds patience{500};

struct Live {
  explicit Live(LiveOptions given) : options(std::move(given)), checkout(options.root), run(options.programs, log) {}

  const LiveOptions options;
  const Checkout checkout;
  std::atomic<std::size_t> viewers{0};
  EventLog log;
  LoadRun run;  // after the log, which it writes to until it is destroyed
};

using Shared = std::shared_ptr<Live>;

// A viewer's place, taken for as long as this lives.
class Place {
public:
  explicit Place(Shared live) : live_(std::move(live)), number_(++live_->viewers) {}
  ~Place() { --live_->viewers; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool is_one_too_many() const { return number_ > live_->options.viewers_max; }

private:
  const Shared live_;
  const std::size_t number_;
};

void protect(Response& response) {
  response.set_header("Content-Security-Policy",
                      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cache-Control", "no-store");
}

void answer(Response& response, int status, const nlohmann::json& body) {
  response.status = status;
  response.set_content(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "application/json");
}

// The names of the application's refusals (application/http.cpp), and two of the page's own.
std::string_view name_of(int status) {
  switch (status) {
    case 400:
      return "bad_request";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 409:
      return "already_running";
    case 413:
      return "body_too_large";
    case 415:
      return "unsupported_media_type";
    default:
      return "unavailable";
  }
}

void refuse(Response& response, int status, const std::string& sentence) {
  answer(response, status, {{"error", {{"status", status}, {"name", name_of(status)}, {"message", sentence}}}});
}

Asking asking_of(const Request& request) {
  Asking asking;
  asking.host = request.get_header_value("Host");
  asking.origin = request.get_header_value("Origin");
  asking.fetch_site = request.get_header_value("Sec-Fetch-Site");
  asking.content_type = request.get_header_value("Content-Type");
  return asking;
}

using Handler = std::function<void(const Request&, Response&)>;

Handler reading(const Shared& live, Handler handler) {
  return [live, handler = std::move(handler)](const Request& request, Response& response) {
    protect(response);
    if (const auto refusal = refuse_host(asking_of(request), live->options.more_hosts))
      return refuse(response, refusal->status, refusal->sentence);
    handler(request, response);
  };
}

Handler changing(const Shared& live, Handler handler) {
  return [live, handler = std::move(handler)](const Request& request, Response& response) {
    protect(response);
    if (const auto refusal = refuse_change(asking_of(request), live->options.more_hosts))
      return refuse(response, refusal->status, refusal->sentence);
    if (request.body.size() > request_bytes_max)
      return refuse(response, 413, "the body is longer than 1,024 bytes: a load is asked for in less");
    handler(request, response);
  };
}

// For the other methods of a path that is the page's, or what is mounted beside it would say that there is no such
// path.
void refuse_others(httplib::Server& server, const Shared& live, const std::string& path, const std::string& allow) {
  const Handler refusal = reading(live, [allow](const Request&, Response& response) {
    response.set_header("Allow", allow);
    refuse(response, 405, "this path takes " + allow + " alone");
  });
  if (allow == "POST") {
    server.Get(path, refusal);
  } else {
    server.Post(path, refusal);
  }
  server.Put(path, refusal).Patch(path, refusal).Delete(path, refusal).Options(path, refusal);
}

Handler file(std::string_view bytes, const char* type) {
  return [bytes, type](const Request&, Response& response) { response.set_content(bytes.data(), bytes.size(), type); };
}

// What a viewer who comes back has to know before anything else: whether this is the server that it knew, and whether
// a load runs. It has no number, and is not of the run.
std::string state_event(Live& live) {
  const nlohmann::json data = {{"log", live.log.name()}, {"running", live.run.state().at("running")}};
  return "event: state\ndata: " + data.dump() + "\n\n";
}

void send_events(const Shared& live, const Request& request, Response& response) {
  const auto place = std::make_shared<Place>(live);
  if (place->is_one_too_many()) {
    response.set_header("Retry-After", "5");
    return refuse(response, 503, "as many pages as may are watching: close one of them, or read /live/state");
  }
  const auto seen = std::make_shared<EventNumber>(live->log.number_in(request.get_header_value("Last-Event-ID")));
  const auto greeted = std::make_shared<bool>(false);
  response.set_chunked_content_provider(
      "text/event-stream", [live, place, seen, greeted](std::size_t, httplib::DataSink& sink) {
        std::string text;
        if (!*greeted) text = "retry: 1000\n\n" + state_event(*live);
        for (const Event& event : live->log.after(*seen, *greeted ? patience : std::chrono::milliseconds(0))) {
          text += live->log.as_sent(event);
          *seen = event.number;
        }
        *greeted = true;
        if (text.empty()) text = ": still here\n\n";
        return sink.is_writable() && sink.write(text.data(), text.size());
      });
}

void start(const Shared& live, const Request& request, Response& response) {
  const auto load = parse_load_request(request.body);
  if (!load) return refuse(response, 400, load.error());
  if (const auto started = live->run.start(*load); !started) return refuse(response, 409, started.error());
  answer(response, 202, live->run.state());
}

void read_file(const Shared& live, const std::string& path, Response& response) {
  const auto served = live->checkout.read(path);
  if (!served) return refuse(response, 404, "there is no such document: see /read/docs/README.md for all");
  response.set_content(served->body, served->type.c_str());
}

}  // namespace

void mount_live_page(httplib::Server& server, LiveOptions options) {
  const auto live = std::make_shared<Live>(std::move(options));
  server.Get("/", reading(live, file(assets::index_html(), "text/html; charset=utf-8")));
  server.Get("/live/page.css", reading(live, file(assets::page_css(), "text/css; charset=utf-8")));
  server.Get("/live/page.js", reading(live, file(assets::page_js(), "text/javascript; charset=utf-8")));
  server.Get("/live/chart.js", reading(live, file(assets::chart_js(), "text/javascript; charset=utf-8")));
  server.Get("/live/events", reading(live, [live](const Request& request, Response& response) {
               send_events(live, request, response);
             }));
  server.Get("/live/state",
             reading(live, [live](const Request&, Response& response) { answer(response, 200, live->run.state()); }));
  server.Post("/live/start",
              changing(live, [live](const Request& request, Response& response) { start(live, request, response); }));
  server.Post("/live/stop", changing(live, [live](const Request&, Response& response) {
                live->run.stop();
                answer(response, 202, live->run.state());
              }));
  server.Get(R"(/exercises/(\d\d))", reading(live, [live](const Request& request, Response& response) {
               const auto path = live->checkout.exercise(request.matches[1].str());
               if (!path) return refuse(response, 404, "there is no such exercise: they are 01 to 12");
               response.set_redirect("/read/" + *path);
             }));
  server.Get(R"(/read/(.+))", reading(live, [live](const Request& request, Response& response) {
               read_file(live, request.matches[1].str(), response);
             }));
  for (const char* path : {"/", "/live/page.css", "/live/page.js", "/live/chart.js", "/live/events", "/live/state",
                           R"(/exercises/\d\d)", "/read/.+"})
    refuse_others(server, live, path, "GET, HEAD");
  for (const char* path : {"/live/start", "/live/stop"}) refuse_others(server, live, path, "POST");
}

}  // namespace lab::live
