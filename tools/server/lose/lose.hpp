// The document's lost update, over HTTP: clients that update one session at the same time, each preference under a key
// of its own, and then the session read once more. Knows nothing but the address.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace lab::server {

struct LoseOptions {
  std::string address;  // "http://127.0.0.1:8080"
  int clients = 10;
  int updates = 100;  // of each client
};

struct Lost {
  int expected = 0;                // clients × updates, each of them answered with 200
  std::uint64_t keys = 0;          // that the session has
  std::uint64_t access_count = 0;  // each update adds one

  bool nothing() const { return keys == static_cast<std::uint64_t>(expected) && access_count == keys; }
};

// Logs in, updates, reads, and logs out. The error is a sentence: who did not answer, or how.
tl::expected<Lost, std::string> lose_updates(const LoseOptions& options);

}  // namespace lab::server
