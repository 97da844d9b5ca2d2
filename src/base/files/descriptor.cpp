#include "base/files/descriptor.hpp"

#include <cerrno>
#include <unistd.h>

namespace flowship {

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::read_all(std::string& bytes, std::size_t expected, std::uintmax_t most) const {
  std::size_t used = bytes.size();
  const std::size_t end = used + expected;
  // One byte more than expected: reading exactly the expected size means the end, without a second read.
  bytes.resize(end + 1);
  while (true) {
    const ssize_t got = ::read(number_, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used == end) break;
    if (used > most) return EFBIG;
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
  }
  bytes.resize(used);
  return 0;
}

int Descriptor::write_all(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(number_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace flowship
