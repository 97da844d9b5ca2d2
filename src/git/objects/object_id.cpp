#include "git/objects/object_id.hpp"

#include "base/digest.hpp"

#include <Poco/DigestEngine.h>
#include <Poco/Exception.h>

#include <algorithm>

namespace flowship::git {

std::optional<ObjectId> ObjectId::from_hex(std::string_view hex) {
  std::array<unsigned char, 20> bytes{};
  if (hex.size() != bytes.size() * 2) return std::nullopt;
  try {
    const Poco::DigestEngine::Digest digest = Poco::DigestEngine::digestFromHex(std::string(hex));
    std::copy(digest.begin(), digest.end(), bytes.begin());
  } catch (const Poco::DataFormatException&) {
    return std::nullopt;
  }
  return ObjectId(bytes);
}

std::string ObjectId::hex() const {
  return flowship::hex(std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()));
}

}  // namespace flowship::git
