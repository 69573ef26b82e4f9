#include "tools/server/frameworks/frameworks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lab::server {

std::string cannot_listen(const ServerOptions& options, const std::string& why) {
  return fmt::format(
      "can't listen on {} port {} ({}): choose another --port or --address, or end the program that has it",
      options.address, options.port, why);
}

std::vector<std::string_view> frameworks() {
  return {
      "httplib",
#ifdef LAB_HAS_BEAST
      "beast",
#endif
#ifdef LAB_HAS_POCO
      "poco",
#endif
  };
}

Started serve(std::string_view framework, const ServerOptions& options, Handlers handlers, const Mount& mount) {
  if (framework == "httplib") return serve_with_httplib(options, std::move(handlers), mount);
#ifdef LAB_HAS_BEAST
  if (framework == "beast") return serve_with_beast(options, std::move(handlers));
#endif
#ifdef LAB_HAS_POCO
  if (framework == "poco") return serve_with_poco(options, std::move(handlers));
#endif
  return tl::unexpected(fmt::format("there is no framework {} in this build: choose one of {}", framework,
                                    fmt::join(frameworks(), ", ")));
}

}  // namespace lab::server

#ifdef __SANITIZE_THREAD__
#define LAB_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAB_THREAD_SANITIZER
#endif
#endif
#ifdef LAB_THREAD_SANITIZER
// The frameworks come compiled, and ThreadSanitizer sees neither how POCO counts who holds a socket (to it, the thread
// that accepts frees one that another still uses) nor how cpp-httplib's static regular expressions are made by one
// thread and used by the next. No handler runs below either: nothing of ours is hidden.
extern "C" const char* __tsan_default_suppressions() { return "race:PocoServer::take_in\nrace:regex_traits\n"; }
#endif
