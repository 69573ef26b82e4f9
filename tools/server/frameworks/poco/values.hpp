// A request and an answer, in POCO's form and in that of the routes.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>

#include "tools/server/application/http.hpp"

namespace lab::server {

Request head_of(const Poco::Net::HTTPServerRequest& from);

void send(const Response& from, Poco::Net::HTTPServerResponse& to, bool without_body);
void set_keep_alive(Poco::Net::HTTPServerResponse& response, bool keep_alive);

// With which a request is refused that the library gave up.
int status_of(const Poco::Net::MessageException& error);

}  // namespace lab::server
