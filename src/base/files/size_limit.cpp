#include "base/files/size_limit.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <string>

namespace flowship {

void SizeLimit::expect(std::string_view path, std::uintmax_t size) const {
  if (size <= bytes) return;
  throw Error(printable(path) + " is too large: it has " + std::to_string(size) + " bytes, and the limit is " +
                  std::string(text),
              std::string(hint), Fault::invalid);
}

}  // namespace flowship
