#include "base/digest.hpp"

#include "base/error.hpp"

#include <Poco/DigestEngine.h>
#include <openssl/evp.h>

namespace flowship {

std::string sha256_hex(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(),
                 nullptr) != 1) {
    throw Error("OpenSSL could not compute a SHA-256");
  }
  digest.resize(size);
  return hex(digest);
}

std::string hex(std::string_view bytes) {
  return Poco::DigestEngine::digestToHex(Poco::DigestEngine::Digest(bytes.begin(), bytes.end()));
}

}  // namespace flowship
