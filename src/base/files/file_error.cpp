#include "base/files/file_error.hpp"

#include "base/text/printable.hpp"

namespace flowship {

Error file_error(std::string_view doing, std::string_view path, std::string_view why) {
  return Error(std::string("cannot ").append(doing).append(" ").append(printable(path)).append(": ").append(why));
}

}  // namespace flowship
