// The frameworks by their names. Boost.Beast and POCO are there where the build found them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/server/frameworks/server.hpp"

namespace httplib {
class Server;
}

namespace lab::server {

// Adds routes of the caller's to a server of cpp-httplib before it listens; they come before the application's.
using Mount = std::function<void(::httplib::Server&)>;

Started serve_with_httplib(const ServerOptions& options, Handlers handlers, const Mount& mount = {});
Started serve_with_beast(const ServerOptions& options, Handlers handlers);
Started serve_with_poco(const ServerOptions& options, Handlers handlers);

// "httplib", the default, then of "beast" and "poco" those that were built in.
std::vector<std::string_view> frameworks();

// The error also: the name is none, or that framework was not built in. Only httplib has a use for `mount`.
Started serve(std::string_view framework, const ServerOptions& options, Handlers handlers, const Mount& mount = {});

}  // namespace lab::server
