#include "common/errors.hpp"

namespace lab {

std::string_view to_string(Error error) noexcept {
  switch (error) {
    case Error::not_found:
      return "not_found";
    case Error::invalid_argument:
      return "invalid_argument";
    case Error::same_session:
      return "same_session";
    case Error::database_unavailable:
      return "database_unavailable";
    case Error::database_busy:
      return "database_busy";
    case Error::database_failed:
      return "database_failed";
  }
  return "unknown_error";
}

}  // namespace lab
