#include "git/handle.hpp"

#include "base/text/printable.hpp"

#include <string>

namespace flowship::git {

Error failure(std::string_view doing, std::string hint) {
  const git_error* last = git_error_last();
  const std::string reason = last != nullptr && last->message != nullptr ? last->message : "unknown error";
  return Error(std::string(doing) + ": " + printable(reason), std::move(hint));
}

void check(int code, std::string_view doing) {
  if (code < 0) throw failure(doing);
}

}  // namespace flowship::git
