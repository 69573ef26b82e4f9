#include "tools/server/application/application.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "tools/server/application/credentials.hpp"
#include "tools/server/application/json.hpp"

namespace lab::server {

using nlohmann::json;

struct Application::Caller {
  Credentials credentials;
  json body;  // of a request that has one
};

struct Application::Route {
  std::string_view path;
  std::string_view methods;  // as Allow has them
  Response (Application::*act)(const Request&, const Caller&);
  bool of_session;  // asks for one
};

const Application::Route Application::routes[] = {
    {"/login", "POST", &Application::login, true},
    {"/api/data", "GET, HEAD", &Application::data, true},
    {"/api/preferences", "POST, PUT", &Application::preferences, true},
    {"/api/activity", "POST", &Application::activity, true},
    {"/logout", "POST", &Application::logout, true},
    {"/stats", "GET, HEAD", &Application::stats, false},
    {"/health", "GET, HEAD", &Application::health, false},
    {"/metrics", "GET, HEAD", &Application::metrics, false},
};

namespace {

Response reply(const json& body) { return answer_with(200, json_type, dump(body)); }

// What a failed operation of the manager is answered with.
Response refusal_of(Error error) {
  switch (error) {
    case Error::not_found: {
      Response response = refusal(401, "not_found", "there is no such session: log in");
      response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return response;
    }
    case Error::invalid_argument:
      return refusal(400, to_string(error), "user_id, username and key must not be empty");
    case Error::same_session:
      return refusal(400, to_string(error), "a session cannot be merged with itself");
    case Error::database_unavailable:
    case Error::database_busy:
    case Error::database_failed: {
      Response response = refusal(503, to_string(error), "the database did not take it, and nothing has changed");
      response.headers.emplace_back("Retry-After", "1");
      return response;
    }
  }
  return refusal(500);
}

// Of "/health?x=1", and of "http://host/health?x=1", as a client asks a proxy and every server has to understand.
std::string_view path_of(std::string_view target) {
  target = target.substr(0, target.find('?'));
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || lower(target.substr(0, scheme)) != "http") return target;
  const std::size_t path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

std::size_t head_bytes(const Request& request) {
  std::size_t bytes = request.method.size() + request.target.size();
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size() + 4;  // ": " and the line's end
  return bytes;
}

// Whether a list of words, "GET, HEAD", has this one.
bool contains(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(", "), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 2, words.size()));
  }
  return false;
}

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

// Null where the object has no such field, or none that is a string.
const std::string* text_of(const json& body, const char* field) {
  const auto place = body.find(field);
  return place == body.end() ? nullptr : place->get_ptr<const std::string*>();
}

// A request that would change something: its body, null where there is none, or why it is refused.
tl::expected<json, Response> body_of(const Request& request, const Credentials& credentials) {
  if (!values_of(request.headers, "Content-Encoding").empty()) return tl::unexpected(refusal(415));
  const auto types = values_of(request.headers, "Content-Type");
  const bool says_json = types.size() == 1 && is_json(types.front());
  // No form of another site can say that it sends JSON; and its script would have to ask us first, which we refuse.
  const bool must_say = credentials.source == Credentials::Source::cookie || !request.body.empty() || !types.empty();
  if (must_say && !says_json) return tl::unexpected(refusal(415));
  if (request.body.empty()) return json();
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return tl::unexpected(refusal(400, "bad_json", "the body is no JSON"));
  if (!body.is_object()) return tl::unexpected(refusal(400, "bad_json", "the body is no JSON object"));
  return body;
}

Response missing(const char* one, const char* other) {
  return refusal(400, "bad_json",
                 std::string("the body must be a JSON object with the strings ") + one + " and " + other);
}

std::array<std::string_view, RequestMetrics::routes_max> labels(const std::vector<std::string_view>& paths) {
  std::array<std::string_view, RequestMetrics::routes_max> names;
  names.fill(no_route);
  std::copy(paths.begin(), paths.end(), names.begin());
  return names;
}

}  // namespace

Application::Application(SessionManager& manager, ApplicationOptions options)
    : manager_(manager), options_(std::move(options)), metrics_([] {
        std::vector<std::string_view> paths;
        for (const Route& route : routes) paths.push_back(route.path);
        return labels(paths);
      }()) {
  static_assert(std::size(routes) < RequestMetrics::routes_max);  // the last label is no_route
}

Handlers Application::handlers() {
  return {[this](const Request& request) { return handle(request); }, [this](int status) { return refuse(status); }};
}

Response Application::refuse(int status) {
  metrics_.count_refused(status);
  return refusal(status);
}

Response Application::handle(const Request& request) {
  const auto begun = std::chrono::steady_clock::now();
  const Route* route = nullptr;
  Response response;
  try {
    response = answer(request, route);
  } catch (const std::exception&) {  // no memory, most likely
    response = refusal(500);
  }
  const std::size_t number =
      route == nullptr ? RequestMetrics::routes_max - 1 : static_cast<std::size_t>(route - routes);
  metrics_.count(number, response.status, std::chrono::steady_clock::now() - begun);
  return response;
}

Response Application::answer(const Request& request, const Route*& route) {
  if (request.target.size() > options_.limits.head_bytes_max) return refusal(414);
  if (head_bytes(request) > options_.limits.head_bytes_max) return refusal(431);
  if (request.body.size() > options_.limits.body_bytes_max) return refusal(413);

  const std::string_view path = path_of(request.target);
  const auto* const found =
      std::find_if(std::begin(routes), std::end(routes), [&](const Route& one) { return one.path == path; });
  if (found == std::end(routes)) return refusal(404);
  route = found;
  if (!contains(route->methods, request.method)) {
    Response response = refusal(405);
    response.headers.emplace_back("Allow", std::string(route->methods));
    return response;
  }

  // Elsewhere an Authorization is somebody else's, a proxy's say.
  Caller caller{route->of_session ? credentials_of(request.headers) : Credentials(), nullptr};
  switch (caller.credentials.source) {
    case Credentials::Source::ambiguous:
      return refusal(400, "ambiguous_session", "the request names two sessions: send one id, in one place");
    case Credentials::Source::malformed:
      return refusal(400, "bad_authorization", "the only authorization taken is \"Bearer\" and a session id");
    case Credentials::Source::none:
    case Credentials::Source::explicit_header:
    case Credentials::Source::cookie:
      break;
  }
  if (!is_read(request.method)) {
    auto body = body_of(request, caller.credentials);
    if (!body) return std::move(body.error());
    caller.body = std::move(*body);
  }
  return (this->*route->act)(request, caller);
}

tl::expected<SessionData, Response> Application::authenticated(const Caller& caller) {
  if (caller.credentials.source == Credentials::Source::none) {
    Response response = refusal(401, "no_session", "the request names no session: log in");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return tl::unexpected(std::move(response));
  }
  auto session = manager_.get_session(caller.credentials.id);
  if (!session) return tl::unexpected(refusal_of(session.error()));
  if (!session->is_authenticated) {
    Response response = refusal(401, "not_authenticated", "the session is not authenticated any more: log in");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return tl::unexpected(std::move(response));
  }
  return std::move(*session);
}

bool Application::is_secure(const Request& request) const {
  return options_.trust_proxy && came_by_tls(request.headers);
}

Response Application::login(const Request& request, const Caller& caller) {
  const std::string* const user_id = caller.body.is_object() ? text_of(caller.body, "user_id") : nullptr;
  const std::string* const username = caller.body.is_object() ? text_of(caller.body, "username") : nullptr;
  if (user_id == nullptr || username == nullptr) return missing("user_id", "username");

  // The id that came is never the one that goes out: whoever planted it would be logged in as well.
  const auto session_id = manager_.create_session(*user_id, *username);
  if (!session_id) return refusal_of(session_id.error());
  if (!caller.credentials.id.str().empty()) {
    const SessionId& before = caller.credentials.id;
    const auto old = manager_.get_session(before);
    Result<void> ended;
    if (!old) {
      ended = Unexpected(old.error());
    } else if (old->user_id == *user_id && old->is_authenticated) {
      ended = manager_.merge_sessions(before, *session_id);
    } else {
      ended = manager_.delete_session(before);
    }
    // Nothing to end is as good. Anything else: nobody would know of the new session, so it goes again.
    if (!ended && ended.error() != Error::not_found) {
      (void)manager_.delete_session(*session_id);
      return refusal_of(ended.error());
    }
  }
  Response response = reply({{"session_id", session_id->str()}});
  response.headers.emplace_back("Set-Cookie", cookie_for(*session_id, is_secure(request)));
  return response;
}

Response Application::data(const Request&, const Caller& caller) {
  const auto session = authenticated(caller);
  if (!session) return session.error();
  const auto count = manager_.increment_access(session->session_id);
  // Ended since it was read: the answer was right then. A database that fails is another thing: this access is not
  // counted.
  if (!count && count.error() != Error::not_found) return refusal_of(count.error());
  return reply(to_json(*session));
}

Response Application::preferences(const Request&, const Caller& caller) {
  const auto session = authenticated(caller);
  if (!session) return session.error();
  const std::string* const key = caller.body.is_object() ? text_of(caller.body, "key") : nullptr;
  const std::string* const value = caller.body.is_object() ? text_of(caller.body, "value") : nullptr;
  if (key == nullptr || value == nullptr) return missing("key", "value");
  if (key->size() > key_bytes_max || value->size() > value_bytes_max)
    return refusal(413, "preference_too_large", "a key may have 256 bytes and a value 4096");
  if (const auto updated = manager_.update_session(session->session_id, *key, *value); !updated)
    return refusal_of(updated.error());
  return reply({{"updated", true}});
}

Response Application::activity(const Request&, const Caller& caller) {
  const auto session = authenticated(caller);
  if (!session) return session.error();
  const auto count = manager_.increment_access(session->session_id);
  if (!count) return refusal_of(count.error());
  return reply({{"access_count", *count}});
}

Response Application::logout(const Request& request, const Caller& caller) {
  Response response = reply({{"logged_out", true}});
  if (caller.credentials.source == Credentials::Source::none) {
    response = refusal_of(Error::not_found);
  } else if (const auto deleted = manager_.delete_session(caller.credentials.id); !deleted) {
    response = refusal_of(deleted.error());
    if (deleted.error() != Error::not_found) return response;  // the cookie is still good
  }
  if (caller.credentials.source == Credentials::Source::cookie)
    response.headers.emplace_back("Set-Cookie", cookie_removed(is_secure(request)));
  return response;
}

Response Application::stats(const Request&, const Caller&) {
  const Stats stats = manager_.get_stats();
  return reply(to_json(stats, manager_.get_active_count()));
}

Response Application::health(const Request&, const Caller&) {
  const Stats stats = manager_.get_stats();
  const std::uint64_t actual = manager_.get_active_count();
  return reply(health_of(stats, actual, manager_.get_cleanup_queue_size()));
}

Response Application::metrics(const Request&, const Caller&) {
  Response response = answer_with(200, metrics_content_type, "");
  write_metrics(response.body, manager_, options_.info);
  metrics_.write(response.body);
  return response;
}

}  // namespace lab::server
