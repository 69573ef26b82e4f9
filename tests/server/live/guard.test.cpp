#include "tools/server/live/guard.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::live;

namespace {

Asking asking(const std::string& host, const std::string& origin = "", const std::string& fetch_site = "",
              const std::string& content_type = "application/json") {
  return {host, origin, fetch_site, content_type};
}

const Refusal foreign_host{
    403, "this server does not go by the name in the Host header: ask for localhost, or for its address"};
const Refusal foreign_page{403, "a page of another site asked: use the page of this server"};
const Refusal no_json{415, "the body's Content-Type is not application/json: send JSON, and say so"};

}  // namespace

TEST_CASE("names of loopback are this server's, with any port", "[live]") {
  for (const char* host : {"localhost", "localhost:80", "127.0.0.1:8080", "[::1]", "[::1]:8080"}) {
    CHECK(refuse_host(asking(host), {}) == std::nullopt);
    CHECK(refuse_change(asking(host), {}) == std::nullopt);
  }
}

TEST_CASE("another name is refused, unless the server was told of it", "[live]") {
  for (const char* host : {"", "evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example:1",
                           "[::1].evil.example", "::1", "10.0.0.1"}) {
    CHECK(refuse_host(asking(host), {}) == foreign_host);
    CHECK(refuse_change(asking(host), {}) == foreign_host);
  }
  CHECK(refuse_host(asking("lab.example:8080"), {"lab.example"}) == std::nullopt);
}

TEST_CASE("an IPv6 address that the server listens on is its name, in brackets and however it is written", "[live]") {
  for (const char* host : {"[fe80::1]", "[fe80::1]:8080", "[FE80::1]:8080", "[fe80:0:0:0:0:0:0:1]:8080"})
    CHECK(refuse_host(asking(host), {"fe80::1"}) == std::nullopt);
  for (const char* host : {"fe80::1", "[fe80::2]", "[fe80::1].evil.example", "[]", "["})
    CHECK(refuse_host(asking(host), {"fe80::2 ", "fe80::3"}) == foreign_host);
}

TEST_CASE("a server that listens on all addresses goes by each of them, and by no name", "[live]") {
  for (const char* any : {"0.0.0.0", "::"}) {
    for (const char* host : {"192.168.1.5", "192.168.1.5:8080", "[fe80::1]:8080"})
      CHECK(refuse_host(asking(host), {any}) == std::nullopt);
    for (const char* host :
         {"evil.example", "192.168.1.5.evil.example", "192.168.1", "fe80::1", "[fe80::1].evil.example", ""})
      CHECK(refuse_host(asking(host), {any}) == foreign_host);
  }
}

TEST_CASE("a change is refused to pages of another origin", "[live]") {
  CHECK(refuse_change(asking("localhost:80", "http://localhost:80", "same-origin"), {}) == std::nullopt);
  CHECK(refuse_change(asking("localhost:80", "http://evil.example", "cross-site"), {}) == foreign_page);
  CHECK(refuse_change(asking("localhost:80", "http://localhost:81"), {}) == foreign_page);
  CHECK(refuse_change(asking("localhost:80", "null"), {}) == foreign_page);
  CHECK(refuse_change(asking("localhost:80", "", "cross-site"), {}) == foreign_page);
  CHECK(refuse_change(asking("localhost:80", "http://localhost:80", "same-site"), {}) == foreign_page);
}

TEST_CASE("a change that is no JSON is refused: a form can send it", "[live]") {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                           "text/plain; application/json", "application/jsonp"})
    CHECK(refuse_change(asking("localhost", "", "", type), {}) == no_json);
  CHECK(refuse_change(asking("localhost", "", "", "application/json; charset=utf-8"), {}) == std::nullopt);
}
