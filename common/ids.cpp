#include "common/ids.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace lab {
namespace {

constexpr std::size_t length = 36;
constexpr std::size_t version_at = 14;
constexpr std::size_t variant_at = 19;

constexpr bool is_hyphen_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

std::array<std::uint8_t, 16> random_bytes() {
  std::array<std::uint8_t, 16> bytes{};
  // Requests of up to 256 bytes are never cut short once the pool is ready, but a signal may come before that.
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) std::abort();
  }
  return bytes;
}

}  // namespace

SessionId new_session_id() {
  std::array<std::uint8_t, 16> bytes = random_bytes();
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // the variant of RFC 9562

  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(length);
  for (const std::uint8_t byte : bytes) {
    if (is_hyphen_place(text.size())) text += '-';
    text += digits[byte >> 4];
    text += digits[byte & 0x0f];
  }
  return SessionId(std::move(text));
}

bool is_well_formed(const SessionId& id) noexcept {
  const std::string& text = id.str();
  if (text.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (is_hyphen_place(i) ? c != '-' : !hex) return false;
  }
  const char variant = text[variant_at];
  return text[version_at] == '4' && (variant == '8' || variant == '9' || variant == 'a' || variant == 'b');
}

}  // namespace lab
