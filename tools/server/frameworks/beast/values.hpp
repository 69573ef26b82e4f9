// A request and an answer, in Boost.Beast's form and in that of the routes.
#pragma once

#include <boost/beast/http.hpp>

#include "tools/server/application/http.hpp"

namespace lab::server {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;
using BeastResponse = boost::beast::http::response<boost::beast::http::string_body>;

Request request_of(BeastRequest&& from);
BeastResponse response_of(Response&& from, bool keep_alive, bool without_body);

// With which a request is refused that the parser gave up.
int status_of(const boost::beast::error_code& error);

}  // namespace lab::server
