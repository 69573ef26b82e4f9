// The live page: puts buggy and fixed under load, side by side, and shows what becomes of them while it happens.
//
//   GET  /                    the page; /live/page.css, /live/page.js and /live/chart.js belong to it
//   GET  /live/events         the run's events (load_run.hpp), server-sent; 503 beyond viewers_max
//   GET  /live/state          what they amount to, as JSON
//   POST /live/start          { "seconds", "operations_per_second", "threads" }: 202, or 409 while a load runs
//   POST /live/stop           {}: 202; the programs end within moments
//   GET  /exercises/NN        to the exercise's page
//   GET  /read/PATH           documents and sources of the checkout
//
// What is refused gets { "error": { "status", "name", "message" } }, as the application's refusals do: 400 and 413 for
// the body, 403 and 415 for who asks (guard.hpp), 404, 405 with Allow.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/server/live/load_run.hpp"

namespace lab::live {

struct LiveOptions {
  Programs programs = {};                    // load_buggy and load_fixed
  std::filesystem::path root = {};           // the checkout, for the exercises' pages
  std::vector<std::string> more_hosts = {};  // names besides those of loopback by which browsers reach this server
  std::size_t viewers_max = 4;               // each holds one of the server's threads
};

// Adds the routes. Call it before the server listens, and give the server more threads than viewers_max: requests wait
// for a free one. A load that runs is ended, and waited for, when the server is destroyed; stop() on the server ends
// the streams within a second.
void mount_live_page(httplib::Server& server, LiveOptions options);

}  // namespace lab::live
