// What every timeline page is made of, as it was when this was built.
#pragma once

#include <string_view>

namespace lab::timeline {

struct Assets {
  std::string_view page;  // with markers where the others go
  std::string_view style, script;
  std::string_view style_hash, script_hash;  // SHA-256 in base 64
};

Assets assets();

}  // namespace lab::timeline
