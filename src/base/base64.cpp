#include "base/base64.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Exception.h>

#include <iterator>
#include <sstream>

namespace flowship {

std::string to_base64(std::string_view bytes) {
  std::ostringstream text;
  Poco::Base64Encoder encoder(text);
  encoder.rdbuf()->setLineLength(0);
  encoder << bytes;
  encoder.close();
  return text.str();
}

std::optional<std::string> from_base64(std::string_view text) {
  std::istringstream source{std::string(text)};
  Poco::Base64Decoder decoder(source);
  std::string bytes;
  try {
    bytes.assign(std::istreambuf_iterator<char>(decoder), {});
  } catch (const Poco::DataFormatException&) {
    return std::nullopt;
  }
  // Poco skips white space and forgives missing padding.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace flowship
