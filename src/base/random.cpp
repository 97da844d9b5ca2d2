#include "base/random.hpp"

#include "base/error.hpp"

#include <openssl/rand.h>

namespace flowship {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw Error("OpenSSL has no random bytes");
  }
  return bytes;
}

}  // namespace flowship
